// How answers are to be, for this browser; what is not set is as configured.
(() => {
  "use strict";
  const { at, element, store, given } = qa;
  let set = store.get("settings", {});
  given.strictness = () => set.strictness ?? null;
  given.sources = () => set.sources ?? null;
  const keep = (changes) => {
    set = { ...set, ...changes };
    store.set("settings", set);
    paint();
  };
  // ?__theme=dark is Gradio's own switch, and wins.
  function paint() {
    const forced = new URLSearchParams(location.search).get("__theme");
    const theme = forced || set.theme || "";
    if (theme) document.documentElement.dataset.qaTheme = theme;
    else delete document.documentElement.dataset.qaTheme;
  }
  paint();
  const check = (name, value) => {
    for (const box of document.getElementsByName(name)) box.checked = box.value === value;
  };
  async function draw() {
    const configured = await qa.callJson("page/settings");
    check("qa-strictness", set.strictness ?? configured.strictness);
    check("qa-theme", set.theme ?? "");
    at("qa-sources").value = set.sources ?? configured.sources;
    at("qa-sources-now").textContent = at("qa-sources").value;
    at("qa-other-models").replaceChildren(
      ...configured.others.map((name) => {
        const item = element("li");
        item.append(element("code", `generator = ${JSON.stringify(name)}`));
        return item;
      }),
    );
    at("qa-models").replaceChildren(
      ...Object.entries(configured.models).flatMap(([part, name]) => [
        element("dt", part),
        element("dd", name),
      ]),
    );
  }
  document.addEventListener("click", async (event) => {
    const target = event.target.closest?.("button");
    try {
      if (target?.id === "qa-to-settings") {
        await draw();
        at("qa-settings").showModal();
      } else if (target?.id === "qa-settings-reset") {
        set = {};
        keep({});
        await draw();
      }
    } catch (error) {
      qa.say(error.message);
    }
  });
  document.addEventListener("input", (event) => {
    const { name, id, value } = event.target;
    if (name === "qa-strictness") keep({ strictness: value });
    else if (name === "qa-theme") keep({ theme: value });
    else if (id === "qa-sources") {
      at("qa-sources-now").textContent = value;
      keep({ sources: Number(value) });
    }
  });
})();
