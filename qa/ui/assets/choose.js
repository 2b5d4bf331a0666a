// Which articles to answer from: chosen in a dialog or the library, shown as chips
// above the question, each of which can be taken away.
(() => {
  "use strict";
  const { at, element, payload } = qa;
  const DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/;
  const chosen = { files: new Map(), publishers: new Set(), since: "", until: "" };
  payload.files = () => [...chosen.files.keys()];
  payload.publishers = () => [...chosen.publishers];
  payload.since = () => chosen.since;
  payload.until = () => chosen.until;

  const chip = (text, remove) => {
    const item = element("li", text);
    const button = element("button", "×", { type: "button", "aria-label": `Remove ${text}` });
    button.addEventListener("click", () => {
      remove();
      draw();
      at("qa-choose-open").focus();
    });
    item.append(button);
    return item;
  };
  function draw() {
    const { files, publishers, since, until } = chosen;
    const chips = [
      ...[...files].map(([file, title]) => chip(title, () => files.delete(file))),
      ...[...publishers].map((name) => chip(name, () => publishers.delete(name))),
    ];
    if (since) chips.push(chip(`from ${since}`, () => (chosen.since = "")));
    if (until) chips.push(chip(`until ${until}`, () => (chosen.until = "")));
    at("qa-chips")?.replaceChildren(...chips);
    qa.drawLibrary?.();
  }

  const choice = (text, checked, toggle) => {
    const label = element("label");
    const box = element("input", "", { type: "checkbox" });
    box.checked = checked;
    box.addEventListener("change", () => {
      toggle(box.checked);
      draw();
    });
    label.append(box, ` ${text}`);
    return label;
  };
  const fill = () => {
    const rows = qa.library.filter((row) => row.passages > 0);
    const publishers = [...new Set(rows.map((row) => row.publisher).filter(Boolean))];
    publishers.sort((a, b) => a.localeCompare(b));
    at("qa-choose-publishers").replaceChildren(
      ...publishers.map((name) =>
        choice(name, chosen.publishers.has(name), (on) =>
          on ? chosen.publishers.add(name) : chosen.publishers.delete(name),
        ),
      ),
    );
    const wanted = at("qa-choose-search").value.toLowerCase();
    const found = rows.filter((row) => row.title.toLowerCase().includes(wanted));
    at("qa-choose-files").replaceChildren(
      ...found
        .slice(0, 200)
        .map((row) =>
          choice(row.title, chosen.files.has(row.file), (on) => set(row, on)),
        ),
    );
    at("qa-since").value = chosen.since;
    at("qa-until").value = chosen.until;
  };
  const set = (row, on) =>
    on ? chosen.files.set(row.file, row.title) : chosen.files.delete(row.file);
  document.addEventListener("click", async (event) => {
    if (event.target.closest?.("#qa-choose-open")) {
      await qa.refreshLibrary();
      fill();
      at("qa-choose").showModal();
    } else if (event.target.closest?.("#qa-choose-none")) {
      chosen.files.clear();
      chosen.publishers.clear();
      chosen.since = chosen.until = "";
      fill();
      draw();
    } else if (event.target.nodeName === "DIALOG") {
      // The ground around a dialog belongs to it.
      event.target.close();
    }
  });
  document.addEventListener("input", (event) => {
    const { id, value } = event.target;
    if (id === "qa-choose-search") fill();
    for (const name of ["since", "until"]) {
      if (id !== `qa-${name}`) continue;
      chosen[name] = DATE.test(value.trim()) ? value.trim() : "";
      draw();
    }
  });
  qa.choosing = {
    has: (row) => chosen.files.has(row.file),
    toggle: (row) => {
      set(row, !chosen.files.has(row.file));
      draw();
    },
    // What has left the library cannot be chosen any more.
    keep: (rows) => {
      const files = new Set(rows.map((row) => row.file));
      const names = new Set(rows.map((row) => row.publisher));
      for (const file of [...chosen.files.keys()]) {
        if (!files.has(file)) chosen.files.delete(file);
      }
      for (const name of [...chosen.publishers]) {
        if (!names.has(name)) chosen.publishers.delete(name);
      }
      draw();
    },
  };
})();
