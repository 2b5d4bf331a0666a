// The page's own script: citations open in the source panel, the conversation
// follows the answer, and what happens is announced. Text is only ever put in as
// text; `window.qaServer` is set by the panel once Gradio has drawn it.
(() => {
  "use strict";
  const CITATION = 'a[href*="#cite-"]';
  const NEAR_END = 80;
  const PRESS_SLACK = 12;
  const at = (id) => document.getElementById(id);
  // Gradio's own switch (?__theme=dark) wins over the system.
  const theme = new URLSearchParams(location.search).get("__theme");
  if (theme) document.documentElement.dataset.qaTheme = theme;
  let pressed = null;
  let opener = "";
  let newest = 0;

  // Citations. A click alone is lost when the link is redrawn between press and
  // release, so a press is the pair of pointer events; the keyboard sends a click
  // without them (detail 0).
  const keyOf = (node) => {
    const link = node instanceof Element ? node.closest(CITATION) : null;
    return link ? link.getAttribute("href").split("#cite-")[1] : "";
  };
  document.addEventListener("pointerdown", (event) => {
    const key = event.button === 0 ? keyOf(event.target) : "";
    pressed = key ? { key, x: event.clientX, y: event.clientY } : null;
  });
  document.addEventListener("pointercancel", () => (pressed = null));
  document.addEventListener("pointerup", (event) => {
    const press = pressed;
    pressed = null;
    if (!press) return;
    const moved = Math.hypot(event.clientX - press.x, event.clientY - press.y);
    if (moved <= PRESS_SLACK) openSource(press.key);
  });
  document.addEventListener(
    "click",
    (event) => {
      const key = keyOf(event.target);
      if (!key) {
        if (event.target.closest?.("#qa-source-close")) closeSource();
        return;
      }
      event.preventDefault();
      if (event.detail === 0) openSource(key);
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && at("qa-source")?.contains(document.activeElement)) {
      closeSource();
    }
  });

  // The source panel.
  const element = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };
  const drawBlock = (block) => {
    const name = block.level ? `h${Math.min(block.level + 1, 6)}` : "p";
    const made = document.createElement(name);
    for (const run of block.runs) {
      if (!run.marked) {
        made.append(run.text);
        continue;
      }
      const last = made.lastChild;
      const mark =
        last?.nodeName === "MARK" ? last : made.appendChild(element("mark", ""));
      mark.append(run.answers ? element("strong", run.text) : run.text);
    }
    return made;
  };
  const drawByline = (page) => {
    const line = at("qa-source-byline");
    line.replaceChildren(page.byline);
    if (!page.url) return;
    const link = element("a", "Original");
    link.href = page.url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    line.append(page.byline ? " · " : "", link);
  };
  const showMark = (box) => {
    const mark = box.querySelector("mark");
    if (!mark) return;
    const offset = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += offset - box.clientHeight / 3;
  };
  const drawSource = (page) => {
    const box = at("qa-source-box");
    at("qa-source-title").textContent = page.error ? "Source" : page.title;
    drawByline(page);
    const blocks = page.error ? [element("p", page.error)] : page.blocks.map(drawBlock);
    box.replaceChildren(...blocks);
    box.scrollTop = 0;
    document.body.classList.add("qa-source-open");
    setAside();
    showMark(box);
    box.focus({ preventScroll: true });
    announce(page.error || `Opened ${page.title} at the quoted words.`);
  };
  // Under the sheet of a narrow screen nothing can be reached.
  const narrow = matchMedia("(max-width: 800px)");
  function setAside() {
    const covered = narrow.matches && document.body.classList.contains("qa-source-open");
    for (const id of ["qa-header", "qa-desk"]) {
      if (at(id)) at(id).inert = covered;
    }
  }
  narrow.addEventListener("change", setAside);
  function markOpener() {
    for (const link of document.querySelectorAll(CITATION)) {
      link.classList.toggle("qa-current", keyOf(link) === opener);
    }
  }
  async function openSource(key) {
    opener = key;
    markOpener();
    let page;
    try {
      page = await window.qaServer.open_source(key);
    } catch {
      const error = "The page's server does not answer. Is it still running?";
      page = { error, title: "", byline: "", url: "", blocks: [] };
    }
    if (opener === key) drawSource(page);
  }
  function closeSource() {
    document.body.classList.remove("qa-source-open");
    setAside();
    const link = opener && document.querySelector(`a[href$="#cite-${opener}"]`);
    (link || document.querySelector("#qa-question textarea"))?.focus();
  }

  // What a screen reader is told; the region outlives all redrawing.
  let region = null;
  function announce(text) {
    if (!region) {
      region = element("p", "");
      region.id = "qa-announcer";
      region.setAttribute("role", "status");
      document.body.append(region);
    }
    if (region.textContent !== text) region.textContent = text;
  }

  // The conversation stays at its end while it grows, unless the reader scrolled
  // away; a new question brings it back.
  let following = true;
  let told = "";
  const TOLD = ".qa-wait, .qa-abstained, .qa-failure, .qa-answer";
  // Gradio labels a message with its markup and reads every redrawing aloud.
  const label = (box) => {
    box.setAttribute("aria-live", "off");
    for (const [who, name] of Object.entries({ user: "Question", bot: "Answer" })) {
      for (const message of box.querySelectorAll(`[data-testid="${who}"]`)) {
        if (message.getAttribute("aria-label") !== name) {
          message.setAttribute("aria-label", name);
        }
      }
    }
  };
  const scroller = () => document.querySelector('#qa-conversation [role="log"]');
  const follow = () => {
    const box = scroller();
    if (!box) return;
    const asked = box.querySelectorAll(".user-row").length;
    if (asked > newest) following = true;
    newest = asked;
    markOpener();
    if (following) box.scrollTop = box.scrollHeight;
    label(box);
    const last = [...box.querySelectorAll(TOLD)].pop()?.textContent ?? "";
    if (last !== told) announce(last);
    told = last;
  };
  document.addEventListener(
    "scroll",
    (event) => {
      const box = scroller();
      if (event.target !== box) return;
      following = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    },
    true,
  );
  new MutationObserver(follow).observe(document.documentElement, {
    childList: true,
    subtree: true,
    characterData: true,
  });
})();
