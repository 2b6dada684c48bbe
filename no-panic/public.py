"""The public functions of a crate, from the JSON that rustdoc writes of it."""

import json

# Text for people: core::fmt keeps ways to a panic in any image. See README.md.
FORMATTING = {"Debug", "Display", "LowerHex", "UpperHex", "Error"}


class Crate:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.json = json.load(file)
        self.index = self.json["index"]
        self.names = {}
        self._walk(self.json["root"], None, set())

    def _walk(self, number, prefix, seen):
        """Notes the shortest public name of every item that a module or a `pub use` shows."""
        item = self.index.get(str(number))
        if item is None or (number, prefix) in seen:
            return
        seen.add((number, prefix))
        (kind, inner), = item["inner"].items()
        if kind == "use":
            target = inner["id"]
            if target is None or str(target) not in self.index:
                return
            if inner["is_glob"]:
                for child in self._children(self.index[str(target)]):
                    self._walk(child, prefix, seen)
            else:
                self._name(target, f"{prefix}::{inner['name']}", seen)
            return
        name = item["name"] if prefix is None else f"{prefix}::{item['name']}"
        self._name(number, name, seen)

    def _name(self, number, name, seen):
        item = self.index[str(number)]
        old = self.names.get(number)
        if old is None or (len(name), name) < (len(old), old):
            self.names[number] = name
        if "module" in item["inner"]:
            for child in self._children(item):
                self._walk(child, name, seen)

    @staticmethod
    def _children(item):
        (kind, inner), = item["inner"].items()
        if kind == "module":
            return inner["items"]
        return inner.get("variants", []) if kind == "enum" else []

    def functions(self):
        """(name, item, impl) of every public function, those of traits as `Type as Trait::name`."""
        for number, name in sorted(self.names.items(), key=lambda pair: pair[1]):
            item = self.index[str(number)]
            (kind, inner), = item["inner"].items()
            if kind == "function":
                yield name, item, None
            elif kind == "trait":
                for child in inner["items"]:
                    method = self.index[str(child)]
                    function = method["inner"].get("function")
                    if function and function["has_body"]:
                        yield f"{name}::{method['name']}", method, item
            elif kind in ("struct", "enum", "union"):
                for block in inner["impls"]:
                    yield from self._of_impl(number, name, self.index[str(block)])

    def _of_impl(self, number, name, block):
        impl = block["inner"]["impl"]
        implementor = impl["for"]
        while "borrowed_ref" in implementor:
            implementor = implementor["borrowed_ref"]["type"]
        # What only mentions the type is listed here too.
        if implementor.get("resolved_path", {}).get("id") != number:
            return
        if impl["is_synthetic"] or impl["blanket_impl"] is not None:
            return
        if "automatically_derived" in json.dumps(block["attrs"]):
            return
        trait = impl["trait"] and impl["trait"]["path"].split("::")[-1]
        if trait in FORMATTING:
            return
        # A trait of the crate's own that nobody can name: what calls it stands in the tables.
        if trait and str(impl["trait"]["id"]) in self.index and impl["trait"]["id"] not in self.names:
            return
        for child in impl["items"]:
            item = self.index[str(child)]
            if "function" not in item["inner"]:
                continue
            if trait:
                yield f"{name} as {trait}::{item['name']}", item, block
            elif item["visibility"] == "public":
                yield f"{name}::{item['name']}", item, block
