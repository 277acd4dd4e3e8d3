"""The vocabulary as a page: every class, predicate, event type and external data set, from the ontology's own words."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ontology.vocabulary import Ontology


def page(ontology: Ontology) -> Iterator[str]:
    """Markdown, line by line."""
    yield "# News knowledge graph vocabulary\n"
    yield f"Namespace: `{ontology.prefixes['kg']}` (prefix `kg`). Made from `ontology/*.ttl`, version {ontology.id}.\n"
    yield "## Classes\n"
    yield from _table("class", "label", "what it is", "subclass of", "in other vocabularies")
    for one in ontology.classes.values():
        yield _row(one.iri, dict(one.labels)["en"], one.definition, ", ".join(one.parents), ", ".join(one.matches))
    yield "\n## Predicates\n"
    yield from _table("predicate", "label", "what it says", "domain", "range", "in other vocabularies")
    for term in ontology.predicates.values():
        same = (*term.equivalents, *(f"inverse of {iri}" for iri in term.inverses), *term.parents, *term.matches)
        yield _row(
            term.iri, dict(term.labels)["en"], term.definition, term.domain or "", term.range or "", ", ".join(same)
        )
    yield "\n## Event types\n"
    yield from _table("type", "label", "what happens", "kinds of", "roles", "languages")
    for event in ontology.event_types:
        roles = ", ".join(f"{role.name}{'*' if role.required else ''}" for role in event.roles)
        languages = " ".join(sorted({trigger.lang for trigger in event.triggers}))
        yield _row(
            event.iri, dict(event.labels)["en"], event.definition, ", ".join(event.parents[:1]), roles, languages
        )
    yield "\n## External data sets\n"
    yield from _table("data set", "key", "IRI", "link", "why")
    for other in ontology.external.values():
        yield _row(other.label, other.notation, other.iri_pattern or "", other.link or "", other.reason)


def _table(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
