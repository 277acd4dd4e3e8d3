// YASGUI on our own endpoint: our prefixes, completions and examples, and nobody else's address.
(() => {
  "use strict";
  const box = document.getElementById("editor");
  if (!box || !window.Yasgui) return;
  const data = JSON.parse(document.getElementById("editor-data").textContent);
  const endpoint = new URL(data.endpoint, location.href).href;
  const Gui = window.Yasgui.default || window.Yasgui.Yasgui || window.Yasgui;
  const { Yasqe } = Gui;

  // The library asks prefix.cc and Linked Open Vocabularies; ours come from the page.
  const long = (name) => { const at = name.indexOf(":"); return data.prefixes[name.slice(0, at)] + name.slice(at + 1); };
  const among = (terms) => (_yasqe, token) => Promise.resolve(terms.filter((term) => term.startsWith((token && token.autocompletionString) || "")));
  Yasqe.Autocompleters.prefixes.get = () => Promise.resolve(Object.entries(data.prefixes).map(([name, space]) => `${name}: <${space}>`));
  Yasqe.Autocompleters.prefixes.persistenceId = null;
  Yasqe.Autocompleters.property.get = among(data.properties.map(long));
  Yasqe.Autocompleters.class.get = among(data.classes.map(long));
  const only = () => [{ endpoint }];
  Gui.defaults.endpointCatalogueOptions.getData = only;

  const gui = new Gui(box, {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: false,
    persistenceId: `newskg-${endpoint}`,
    populateFromUrl: false,
    endpointCatalogueOptions: { ...Gui.defaults.endpointCatalogueOptions, getData: only },
    yasqe: { ...Yasqe.defaults, value: data.query, prefixCcApi: null, editorHeight: "24rem", createShareableLink: null },
    yasr: { ...Gui.Yasr.defaults, prefixes: data.prefixes },
  });
  const show = (query) => gui.getTab() && gui.getTab().setQuery(query);
  if (data.given) show(data.query);
  // A tab of an earlier visit may name another address; there is only ours.
  for (const id of Object.keys(gui._tabs || {})) gui.getTab(id).setEndpoint(endpoint);
  document.getElementById("example").addEventListener("change", (event) => { if (data.examples[event.target.value]) show(data.examples[event.target.value]); });

  // What the library leaves without a name.
  const name = () => {
    for (const [selector, label] of [[".CodeMirror textarea", "SPARQL query"], [".yasqe_queryButton", "Ask"], [".addTab", "New tab"], [".autocompleteWrapper input", "Endpoint"]])
      box.querySelectorAll(selector).forEach((element) => element.getAttribute("aria-label") || element.setAttribute("aria-label", label));
  };
  name();
  gui.on("tabSelect", () => setTimeout(name));
})();
