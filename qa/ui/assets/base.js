// What the parts of the page's script share. Text is only ever put in as text.
window.qa = (() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  const element = (name, text = "", attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // What a screen reader is told; the region outlives all redrawing.
  let region = null;
  function announce(text) {
    if (!region) {
      region = element("p", "", { id: "qa-announcer", role: "status" });
      document.body.append(region);
    }
    if (region.textContent !== text) region.textContent = text;
  }

  // A line at the foot of the page that goes away by itself.
  let toast = null;
  let toasting = 0;
  function say(text) {
    if (!toast) {
      toast = element("p", "", { id: "qa-toast", "aria-hidden": "true" });
      document.body.append(toast);
    }
    toast.textContent = text;
    toast.classList.add("qa-shown");
    clearTimeout(toasting);
    toasting = setTimeout(() => toast.classList.remove("qa-shown"), 4000);
    announce(text);
  }

  // One line for whatever went wrong; the server's own words where it has any.
  const UNREACHED = "The page's server does not answer. Is it still running?";
  async function call(path, options = {}) {
    let answer;
    try {
      answer = await fetch(path, options);
    } catch {
      throw new Error(UNREACHED);
    }
    if (answer.ok) return answer;
    let detail = "";
    try {
      detail = (await answer.json()).detail;
    } catch {
      // Not one of our own refusals.
    }
    throw new Error(typeof detail === "string" && detail ? detail : UNREACHED);
  }
  const callJson = async (path, body) => {
    const options =
      body === undefined
        ? {}
        : {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          };
    return (await call(path, options)).json();
  };

  // The browser's own store; a reader may have closed it.
  const store = {
    get(name, otherwise) {
      try {
        return JSON.parse(localStorage.getItem(`qa-${name}`)) ?? otherwise;
      } catch {
        return otherwise;
      }
    },
    set(name, value) {
      try {
        localStorage.setItem(`qa-${name}`, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };

  // What goes to Gradio besides the question: see payload.py. Each part adds to it.
  const payload = {};
  const payloadNow = () =>
    JSON.stringify(
      Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, value()])),
    );
  let acting = "";
  function act(what) {
    acting = JSON.stringify(what);
    at("qa-act")?.click();
  }
  const currentAction = () => acting;

  const narrow = matchMedia("(max-width: 800px)");
  const typing = () =>
    document.activeElement?.closest?.("input, textarea, select, dialog") != null;
  const whenChanged = (callback) =>
    new MutationObserver(callback).observe(document.documentElement, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  return {
    at,
    element,
    announce,
    say,
    call,
    callJson,
    store,
    payload,
    payloadNow,
    act,
    currentAction,
    narrow,
    typing,
    whenChanged,
  };
})();
