// How answers are to be, for this browser; what is not set is as configured.
(() => {
  "use strict";
  const { at, element, store, payload } = qa;
  let set = store.get("settings", {});
  payload.strictness = () => set.strictness ?? null;
  payload.sources = () => set.sources ?? null;
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
  // The generator is the same for all readers: see choice.py.
  const HERE =
    "Holds for everyone on this page, until it is stopped. GGUF files in models/ are " +
    "listed here.";
  const ELSEWHERE = "Only the computer that runs this page can change who writes.";
  let offered = null;
  let told = {};
  // A refusal from before this page was opened is nothing to its reader.
  let stale = null;
  function drawGenerators() {
    if (!offered) return;
    const { generators, may_choose: may } = offered;
    at("qa-generators-note").textContent = may ? HERE : ELSEWHERE;
    at("qa-generators").replaceChildren(...generators.map((one) => row(one, may)));
    const line = told.changing || (stale ? "" : told.refused);
    at("qa-generators-line").textContent = line || "";
    at("qa-generators-line").classList.toggle("qa-refused", !told.changing && !!line);
  }
  function row({ key, name, configured }, may) {
    const item = element("li");
    item.append(element("span", name + (configured ? " (at every start)" : "")));
    if (key === told.generator) item.append(element("strong", "writes now"));
    else if (may) {
      const button = element("button", "Use", { type: "button", "aria-label": `Use ${name}` });
      button.dataset.generator = key;
      button.disabled = !!told.changing;
      item.append(button);
    }
    return item;
  }
  // What the page heard from the server; whoever waits for a generator is told.
  qa.heardOfGenerator = (state) => {
    const before = told;
    const same = ["generator", "changing", "refused"].every((k) => told[k] === state[k]);
    told = state;
    stale ??= !!state.refused;
    if (state.changing) stale = false;
    if (same) return;
    const open = at("qa-settings")?.open;
    if (open) draw().catch((error) => qa.say(error.message));
    if (before.generator && before.generator !== state.generator) {
      qa.say("The answers are written by another now.");
    } else if (before.changing && state.refused && !open) qa.say(state.refused);
  };
  async function use(key) {
    stale = false;
    await qa.callJson("page/generator", { generator: key });
    qa.listen();
  }
  async function draw() {
    const configured = await qa.callJson("page/settings");
    check("qa-strictness", set.strictness ?? configured.strictness);
    check("qa-theme", set.theme ?? "");
    at("qa-sources").value = set.sources ?? configured.sources;
    at("qa-sources-now").textContent = at("qa-sources").value;
    offered = configured;
    drawGenerators();
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
        qa.listen();
        await draw();
        at("qa-settings").showModal();
      } else if (target?.id === "qa-settings-reset") {
        set = {};
        keep({});
        await draw();
      } else if (target?.dataset.generator !== undefined) {
        await use(target.dataset.generator);
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
