// Search as you type, the cards of mentions, and small comforts. Every page works without it.
(() => {
  "use strict";
  const root = document.body.dataset.root || "";

  // --- suggestions: a combobox (WAI-ARIA 1.2) on the search field and on fields that take an entity -----------
  function suggest(input, choose) {
    const list = document.createElement("ul");
    list.className = "suggestions";
    list.id = `${input.id}-suggestions`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    input.parentElement.append(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);
    let found = [], at = -1, asked = 0, timer = 0;

    function close() { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }
    function mark(next) {
      at = next;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
      if (at >= 0) { input.setAttribute("aria-activedescendant", list.children[at].id); list.children[at].scrollIntoView({ block: "nearest" }); }
      else input.removeAttribute("aria-activedescendant");
    }
    function show(rows) {
      found = rows;
      list.replaceChildren(...rows.map((row, i) => {
        const item = document.createElement("li"), dot = document.createElement("span"), small = document.createElement("small");
        item.id = `${list.id}-${i}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        if (!row.href) item.className = "away";
        dot.className = `dot ${row.kind}`;
        small.textContent = [row.name === row.label ? "" : row.name, row.about].filter(Boolean).join(" · ");
        item.append(dot, row.label, small);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(row, input); close(); });
        return item;
      }));
      list.hidden = !rows.length;
      input.setAttribute("aria-expanded", String(rows.length > 0));
      at = -1;
    }
    async function ask() {
      const text = input.value.trim(), mine = ++asked;
      if (!text) return close();
      try {
        const answer = await fetch(`${root}/suggest?q=${encodeURIComponent(text)}`);
        if (answer.ok && mine === asked) show(await answer.json());
      } catch { close(); }
    }
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      else if (list.hidden) return;
      else if (event.key === "ArrowDown") { event.preventDefault(); mark((at + 1) % found.length); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark((at - 1 + found.length) % found.length); }
      else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(found[at], input); close(); }
    });
  }
  document.querySelectorAll("[data-suggest] input").forEach((input) => suggest(input, (row) => {
    if (row.href) location.assign(root + row.href);
    else { input.value = row.label; input.form.submit(); }
  }));
  document.querySelectorAll("input[data-pick]").forEach((input) => suggest(input, (row) => {
    input.value = row.id;
    const hint = document.getElementById(input.getAttribute("aria-describedby"));
    if (hint) hint.textContent = row.label;
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) && !document.activeElement.isContentEditable) {
      event.preventDefault();
      document.getElementById("q").focus();
    }
  });

  // --- an article: cards stay on the screen, Escape closes them, a first tap opens instead of following --------
  const text = document.querySelector(".text");
  if (text) {
    const place = (mention) => {
      const card = mention.querySelector(".card");
      card.style.marginInlineStart = "0";
      const over = card.getBoundingClientRect().right - document.documentElement.clientWidth + 16;
      if (over > 0 && getComputedStyle(card).position === "absolute") card.style.marginInlineStart = `${-over}px`;
    };
    text.querySelectorAll(".mention").forEach((mention) => {
      for (const kind of ["mouseenter", "focusin"]) mention.addEventListener(kind, () => { text.classList.remove("closed"); place(mention); });
      mention.querySelector(".m").addEventListener("pointerdown", (event) => { mention.dataset.tapped = event.pointerType === "touch" && !mention.matches(":focus-within") ? "1" : ""; });
      mention.querySelector(".m").addEventListener("click", (event) => { if (mention.dataset.tapped) { event.preventDefault(); mention.dataset.tapped = ""; mention.querySelector(".m").focus(); } });
    });
    // Words that were selected can be reported as missing.
    const missing = document.createElement("a");
    missing.className = "missing";
    missing.textContent = "This is missing";
    missing.hidden = true;
    document.body.append(missing);
    document.addEventListener("selectionchange", () => {
      const selection = getSelection(), words = String(selection).trim();
      missing.hidden = !words || words.length > 200 || !selection.anchorNode || !text.contains(selection.anchorNode);
      if (missing.hidden) return;
      const spot = selection.getRangeAt(0).getBoundingClientRect();
      missing.style.top = `${spot.bottom + scrollY + 8}px`;
      missing.style.left = `${Math.max(8, spot.left)}px`;
      missing.href = `${root}/review?article=${encodeURIComponent(text.dataset.article)}&missing=${encodeURIComponent(words)}`;
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") text.classList.add("closed"); });
    document.querySelectorAll(".legend [data-kind]").forEach((box) => box.addEventListener("change", () => text.classList.toggle(`no-${box.dataset.kind}`, !box.checked)));
  }

  // --- long lists of names: a button shows the rest -----------------------------------------------------------
  document.querySelectorAll(".names").forEach((names) => {
    const rest = names.querySelectorAll(".rest").length;
    if (!rest) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "all-of";
    button.textContent = `${rest} more`;
    button.addEventListener("click", () => { names.classList.add("all"); button.remove(); });
    names.after(button);
  });
})();
