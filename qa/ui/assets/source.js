// Citations: a card beside the number, the article in the source panel, and the way
// from one quote of an answer to the next.
(() => {
  "use strict";
  const { at, element, announce, narrow } = qa;
  const CITATION = 'a[href*="#cite-"]';
  const PRESS_SLACK = 12;
  const HOVER_MS = 140;
  let pressed = null;
  let opener = "";
  let shown = null;
  let pressedOpen = "";

  const linkAt = (node) => (node instanceof Element ? node.closest(CITATION) : null);
  const keyOf = (node) => linkAt(node)?.getAttribute("href").split("#cite-")[1] ?? "";

  // A click alone is lost when the link is redrawn between press and release, so a
  // press is the pair of pointer events; the keyboard sends a click without them
  // (detail 0).
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
      if (key) {
        event.preventDefault();
        if (event.detail === 0) openSource(key);
        return;
      }
      const button = event.target.closest?.("#qa-source button, #qa-rail [data-key]");
      if (!button) return;
      if (button.id === "qa-source-close") closeSource();
      else if (button.id === "qa-quote-back") step(-1);
      else if (button.id === "qa-quote-on") step(1);
      else if (button.dataset.key) openSource(button.dataset.key);
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    const inSource = at("qa-source")?.contains(document.activeElement);
    if (event.key === "Escape") {
      if (!at("qa-card")?.hidden && at("qa-card")) hideCard();
      else if (inSource || covering()) closeSource();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || qa.typing()) return;
    const way = { n: 1, p: -1 }[event.key];
    if (way && shown) {
      event.preventDefault();
      step(way);
    }
  });

  // The panel.
  const drawRuns = (made, runs, page) => {
    for (const run of runs) {
      if (!run.quote) {
        made.append(run.text);
        continue;
      }
      const last = made.lastChild;
      const same = last?.nodeName === "MARK" && last.dataset.quote === `${run.quote}`;
      const mark = same ? last : made.appendChild(element("mark"));
      mark.dataset.quote = run.quote;
      mark.classList.toggle("qa-other", run.quote !== page.number);
      mark.append(run.answers ? element("strong", run.text) : run.text);
    }
    return made;
  };
  const drawRow = (page, width) => (cells) => {
    const row = element("tr");
    const span = cells.length === 1 && width > 1 ? { colspan: `${width}` } : {};
    row.append(...cells.map((runs) => drawRuns(element("td", "", span), runs, page)));
    // Its number stands before a quote once, not in each cell.
    const numbered = new Set();
    for (const mark of row.querySelectorAll("mark")) {
      mark.classList.toggle("qa-goes-on", numbered.has(mark.dataset.quote));
      numbered.add(mark.dataset.quote);
    }
    return row;
  };
  const drawTable = (page, { heads, rows }) => {
    const table = element("table");
    if (heads.some(Boolean)) {
      const line = element("tr");
      const cells = heads.map((head) =>
        head ? element("th", head, { scope: "col" }) : element("td"),
      );
      line.append(...cells);
      table.append(element("thead"));
      table.tHead.append(line);
    }
    const width = Math.max(heads.length, ...rows.map((cells) => cells.length));
    const body = table.appendChild(element("tbody"));
    body.append(...rows.map(drawRow(page, width)));
    // Wider than the panel, it is moved inside its own frame, also by keys.
    const frame = element("div", "", { class: "qa-table", tabindex: "0", role: "region", "aria-label": "Table" });
    frame.append(table);
    return frame;
  };
  const drawBlock = (page) => (block) => {
    if (block.rows) return drawTable(page, block);
    const made = element(block.level ? `h${Math.min(block.level + 1, 6)}` : "p");
    return drawRuns(made, block.runs, page);
  };
  const drawByline = (page) => {
    const line = at("qa-source-byline");
    line.replaceChildren([page.byline, page.heading].filter(Boolean).join(" · "));
    if (!page.url) return;
    const link = element("a", "Original", {
      href: page.url,
      target: "_blank",
      rel: "noopener noreferrer",
    });
    line.append(line.textContent ? " · " : "", link);
  };
  const drawQuotes = (page) => {
    const place = page.quotes.findIndex((quote) => quote.number === page.number);
    at("qa-quotes").hidden = page.quotes.length === 0;
    at("qa-quote-back").disabled = place <= 0;
    at("qa-quote-on").disabled = place >= page.quotes.length - 1;
    at("qa-quote-place").textContent = `Quote ${place + 1} of ${page.quotes.length}`;
    const items = page.quotes.map((quote) => {
      const item = element("li");
      const button = element("button", `${quote.number}`, {
        type: "button",
        "aria-label": `Quote ${quote.number}, ${quote.title}`,
        title: quote.title,
      });
      button.dataset.key = quote.key;
      button.classList.toggle("qa-elsewhere", !quote.here);
      if (quote.number === page.number) button.setAttribute("aria-current", "true");
      item.append(button);
      return item;
    });
    at("qa-quote-list").replaceChildren(...items);
  };
  // The rail: where in the whole article the quotes of this answer stand.
  const drawRail = () => {
    const box = at("qa-source-box");
    const rail = at("qa-rail");
    if (!shown || !box || !rail) return;
    const drawn = new Map();
    for (const mark of box.querySelectorAll("mark")) {
      const number = Number(mark.dataset.quote);
      if (drawn.has(number)) continue;
      const top = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
      const tick = element("button", "", { type: "button", tabindex: "-1" });
      tick.title = `Quote ${number}`;
      tick.dataset.key = shown.quotes.find((quote) => quote.number === number)?.key ?? "";
      tick.classList.toggle("qa-current", number === shown.number);
      tick.style.top = `${(100 * (top + box.scrollTop)) / box.scrollHeight}%`;
      drawn.set(number, tick);
    }
    rail.replaceChildren(...drawn.values());
  };
  addEventListener("resize", drawRail);
  const showMark = (box) => {
    const mark = box.querySelector("mark:not(.qa-other)");
    if (!mark) return;
    const offset = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += offset - box.clientHeight / 3;
    const answer = box.querySelector("mark:not(.qa-other) strong");
    const frame = answer?.closest(".qa-table");
    if (frame) {
      const { left, right } = answer.getBoundingClientRect();
      const seen = frame.getBoundingClientRect();
      if (right > seen.right) frame.scrollLeft += Math.min(right - seen.right, left - seen.left) + 8;
    }
  };
  // The sheet of a narrow screen takes the focus only once it begins to be seen.
  const enter = (box, frames = 30) => {
    box.focus({ preventScroll: true });
    if (document.activeElement === box || !frames) return;
    requestAnimationFrame(() => enter(box, frames - 1));
  };
  const drawSource = (page, { focus }) => {
    const box = at("qa-source-box");
    shown = page.error ? null : page;
    at("qa-source-title").textContent = page.error ? "Source" : page.title;
    drawByline(page);
    drawQuotes(page);
    const blocks = page.error
      ? [element("p", page.error)]
      : page.blocks.map(drawBlock(page));
    box.replaceChildren(...blocks);
    box.scrollTop = 0;
    document.body.classList.add("qa-source-open");
    setAside();
    showMark(box);
    at("qa-rail").replaceChildren();
    drawRail();
    if (focus) enter(box);
    announce(page.error || `Opened ${page.title} at quote ${page.number}.`);
  };
  // Under the sheet of a narrow screen nothing can be reached.
  const covering = () =>
    narrow.matches && document.body.classList.contains("qa-source-open");
  function setAside() {
    const covered = covering();
    for (const id of ["qa-header", "qa-desk"]) {
      if (at(id)) at(id).inert = covered;
    }
  }
  narrow.addEventListener("change", setAside);
  qa.markOpener = () => {
    for (const link of document.querySelectorAll(CITATION)) {
      link.classList.toggle("qa-current", keyOf(link) === opener);
    }
  };
  const NOTHING = { title: "", byline: "", url: "", heading: "", number: 0 };
  async function openSource(key, { focus = true } = {}) {
    opener = pressedOpen = key;
    hideCard();
    qa.markOpener();
    let page;
    try {
      page = await qa.callJson(`page/sources/${encodeURIComponent(key)}`);
    } catch (error) {
      page = { ...NOTHING, error: error.message, quotes: [], blocks: [] };
    }
    if (opener === key) drawSource(page, { focus });
  }
  function step(way) {
    const place = shown?.quotes.findIndex((quote) => quote.number === shown.number);
    const next = shown?.quotes[place + way];
    if (next) openSource(next.key, { focus: !at("qa-quotes").matches(":focus-within") });
  }
  function closeSource() {
    document.body.classList.remove("qa-source-open");
    setAside();
    const link = opener && document.querySelector(`a[href$="#cite-${opener}"]`);
    (link || document.querySelector("#qa-question textarea"))?.focus();
  }

  // The card: the quote and its source, while the number is pointed at or focused.
  const known = new Map();
  let wanted = "";
  let waiting = 0;
  const makeCard = () => {
    const card = element("div", "", { id: "qa-card", role: "tooltip" });
    card.hidden = true;
    card.addEventListener("pointerleave", () => hideCard());
    document.body.append(card);
    return card;
  };
  function hideCard() {
    wanted = "";
    clearTimeout(waiting);
    if (at("qa-card")) at("qa-card").hidden = true;
  }
  const fillCard = (card, about) => {
    const quote = element("p", "", { class: "qa-card-quote" });
    quote.append("“", about.before, element("strong", about.answer), about.after, "”");
    const source = element("p", about.title, { class: "qa-card-title" });
    const byline = element("p", about.byline, { class: "qa-card-byline" });
    const verdict = element("p", about.verdict, { class: "qa-card-byline" });
    card.replaceChildren(...(about.error ? [element("p", about.error)] : [quote, source]));
    if (about.byline) card.append(byline);
    if (about.verdict) card.append(verdict);
  };
  const placeCard = (card, link) => {
    card.hidden = false;
    const [anchor, size] = [link.getBoundingClientRect(), card.getBoundingClientRect()];
    const left = Math.min(anchor.left - 12, innerWidth - size.width - 8);
    const above = anchor.top - size.height - 6;
    card.style.left = `${Math.max(8, left)}px`;
    card.style.top = `${above > 8 ? above : anchor.bottom + 6}px`;
  };
  async function showCard(key) {
    if (!known.has(key)) {
      try {
        const about = await qa.callJson(`page/cards/${encodeURIComponent(key)}`);
        if (!about.error) known.set(key, about);
      } catch {
        return;
      }
    }
    // The number may have been redrawn meanwhile, or left.
    const link = [...document.querySelectorAll(CITATION)].find(
      (one) => keyOf(one) === key && (one.matches(":hover") || one.matches(":focus")),
    );
    if (wanted !== key || !link || !known.has(key)) return;
    const card = at("qa-card") ?? makeCard();
    fillCard(card, known.get(key));
    placeCard(card, link);
    link.setAttribute("aria-describedby", "qa-card");
  }
  const want = (key, delay) => {
    if (key === wanted) return;
    clearTimeout(waiting);
    wanted = key;
    waiting = setTimeout(() => showCard(key), delay);
  };
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const key = keyOf(event.target);
    // What was just opened needs no card, until it is pointed at anew.
    if (key && key !== pressedOpen) want(key, HOVER_MS);
  });
  document.addEventListener("pointerout", (event) => {
    const to = event.relatedTarget;
    if (keyOf(to) !== pressedOpen) pressedOpen = "";
    if (!keyOf(event.target) || (to instanceof Element && to.closest("#qa-card"))) return;
    // A redrawn number leaves the pointer too; the next look settles it.
    setTimeout(() => {
      const over = document.querySelector(`${CITATION}:hover, #qa-card:hover`);
      if (!over && !document.querySelector(`${CITATION}:focus-visible`)) hideCard();
    }, 60);
  });
  document.addEventListener("focusin", (event) => {
    const key = keyOf(event.target);
    if (key && event.target.matches(":focus-visible")) want(key, 0);
    else if (wanted) hideCard();
  });
  document.addEventListener("focusout", (event) => {
    if (keyOf(event.target)) hideCard();
  });
  document.addEventListener("scroll", () => hideCard(), true);
  qa.openSource = openSource;
})();
