// The library, and what the server tells of itself: one stream of events while
// models load or an index is built, none afterwards.
(() => {
  "use strict";
  const { at, element, say } = qa;
  const STAGES = { reading: "Reading files", embedding: "Embedding", writing: "Writing" };
  const WORDS = { indexed: "Indexed", new: "Not indexed yet", gone: "File removed" };
  const OUTCOMES = { added: "Added", changed: "Changed", removed: "Removed" };
  qa.library = [];
  let sorting = { by: "title", up: true };
  let stream = null;
  let runs = -1;
  let uploading = "";
  let shelf = null;
  let told = { status: "Loading models…", ready: false, running: false, log: [] };

  // Events.
  // Anew at every call: what is heard next is the state after it.
  function listen() {
    stream?.close();
    const mine = new EventSource("page/events");
    stream = mine;
    mine.onmessage = (event) => hear(JSON.parse(event.data), mine);
    // The browser tries again by itself.
    mine.onerror = () => drawStatus("The page's server does not answer.");
  }
  const hear = async (state, from) => {
    told = state;
    drawStatus(state.status);
    qa.heardOfGenerator(state);
    drawBuilding();
    if (state.runs !== runs) {
      runs = state.runs;
      await refresh();
    }
    const last = from === stream && state === told;
    if (last && state.ready && !state.running && !state.changing) from.close();
  };
  const drawStatus = (text) => {
    const line = at("qa-status-line");
    if (!line) return;
    line.textContent = text;
    line.title = text;
  };
  qa.listen = listen;
  // Called once Gradio answers: before that a question would be lost.
  qa.begin = () => {
    listen();
    qa.recall();
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && runs >= 0) listen();
  });

  // Between the room and the library.
  function show(library) {
    document.body.classList.toggle("qa-in-library", library);
    at("qa-library").inert = !library;
    at("qa-room").inert = library;
    at("qa-to-library").toggleAttribute("aria-current", library);
    at("qa-to-room").toggleAttribute("aria-current", !library);
    for (const [id, on] of [["qa-to-library", library], ["qa-to-room", !library]]) {
      if (on) at(id).setAttribute("aria-current", "page");
    }
    if (library) refresh();
  }
  async function refresh() {
    try {
      shelf = await qa.callJson("page/library");
      qa.library = shelf.rows;
      qa.choosing.keep(shelf.rows);
      draw();
      drawBuilding();
    } catch (error) {
      say(error.message);
    }
  }
  qa.refreshLibrary = refresh;
  qa.drawLibrary = draw;

  // The table.
  const compare = (a, b) => {
    const { by, up } = sorting;
    const order =
      by === "passages" ? a[by] - b[by] : a[by].localeCompare(b[by], undefined, { numeric: true });
    return (up ? order : -order) || a.file.localeCompare(b.file);
  };
  const command = (name, row, run) => {
    const button = element("button", name, { type: "button" });
    button.setAttribute("aria-label", `${name}: ${row.title}`);
    button.addEventListener("click", () => run(row, button));
    return button;
  };
  const drawRow = (row) => {
    const line = element("tr");
    const title = element("th", "", { scope: "row" });
    title.append(element("span", row.title, { class: "qa-row-title" }));
    if (row.authors) title.append(element("span", row.authors, { class: "qa-row-soft" }));
    const status = element("td", row.reason ? "Skipped" : WORDS[row.status]);
    status.className = `qa-is-${row.status}`;
    if (row.reason) status.append(element("span", row.reason, { class: "qa-row-soft" }));
    const doing = element("td", "", { class: "qa-row-doing" });
    if (row.passages) {
      const only = command("Ask only this", row, qa.choosing.toggle);
      only.setAttribute("aria-pressed", `${qa.choosing.has(row)}`);
      doing.append(only);
    }
    if (row.status !== "gone") {
      doing.append(command("Left out", row, qa.showLeftOut));
      const whole = row.seed === row.file;
      doing.append(command(whole ? "Remove" : `Remove ${row.seed}`, row, remove));
    }
    line.append(
      title,
      element("td", row.publisher),
      element("td", row.date, { class: "qa-number" }),
      element("td", row.passages ? `${row.passages}` : "", { class: "qa-number qa-passages" }),
      status,
      doing,
    );
    return line;
  };
  const count = (number, noun) => `${number.toLocaleString()} ${noun}${number === 1 ? "" : "s"}`;
  function draw() {
    const body = document.querySelector("#qa-table tbody");
    if (!body) return;
    const focused = document.activeElement?.closest?.("#qa-table tbody")
      ? document.activeElement.getAttribute("aria-label")
      : null;
    const rows = [...qa.library].sort(compare);
    body.replaceChildren(...rows.map(drawRow));
    if (focused) body.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
    for (const head of document.querySelectorAll("#qa-table th[data-by]")) {
      const order = sorting.up ? "ascending" : "descending";
      head.setAttribute("aria-sort", head.dataset.by === sorting.by ? order : "none");
    }
    const indexed = rows.filter((row) => row.passages).length;
    const passages = rows.reduce((sum, row) => sum + row.passages, 0);
    at("qa-library-count").textContent = rows.length
      ? `${count(indexed, "article")}, ${count(passages, "passage")}`
      : "No articles yet. Add some, and they can be asked about as soon as they are indexed.";
    at("qa-table-box").hidden = rows.length === 0;
  }

  // Adding, removing, building.
  const started = () => {
    told = { ...told, running: true, progress: null };
    drawBuilding();
    listen();
  };
  const elsewhere = () => {
    say("Another program indexes the articles; what is new can be asked about soon.");
    refresh();
  };
  async function remove(row, button) {
    if (button.dataset.sure !== "yes") {
      button.dataset.sure = "yes";
      button.textContent = "Really remove?";
      setTimeout(() => draw(), 4000);
      return;
    }
    try {
      const name = encodeURIComponent(row.seed);
      const gone = await (
        await qa.call(`page/library/file?name=${name}`, { method: "DELETE" })
      ).json();
      say(`Removed ${gone.file}; it is kept as ${gone.kept}.`);
      if (gone.started) started();
      else elsewhere();
    } catch (error) {
      say(error.message);
    }
  }
  const refused = [];
  async function add(files) {
    refused.length = 0;
    let added = 0;
    const taken = [...files].slice(0, 50);
    if (files.length > taken.length) refused.push("Only 50 files are taken at once.");
    for (const [place, file] of taken.entries()) {
      uploading = `Adding ${file.name} (${place + 1} of ${taken.length})`;
      drawBuilding();
      try {
        const name = encodeURIComponent(file.name);
        const answer = await qa.call(`page/library/file?name=${name}`, {
          method: "PUT",
          body: file,
        });
        const { refused: reason } = await answer.json();
        if (reason) refused.push(reason);
        else added += 1;
      } catch (error) {
        refused.push(error.message);
      }
    }
    uploading = "";
    if (added) await build();
    drawBuilding();
  }
  async function build() {
    try {
      const { started: here } = await qa.callJson("page/library/build", {});
      if (here) started();
      else elsewhere();
    } catch (error) {
      say(error.message);
    }
  }
  function drawBuilding() {
    const box = at("qa-building");
    if (!box) return;
    const { running, progress, error, log } = told;
    const bar = at("qa-progress");
    box.hidden = !running && !uploading;
    const counted = progress && progress.stage !== "writing";
    const pages = progress?.pages ? `, ${count(progress.pages, "page")}` : "";
    const line = progress
      ? STAGES[progress.stage] + (counted ? `: ${progress.done} of ${progress.total}${pages}` : "…")
      : "Looking for changes…";
    at("qa-building-line").textContent = uploading || line;
    const known = counted && progress.total > 0 && !uploading;
    const share = known ? progress.done / progress.total : null;
    if (known) bar.value = share;
    else bar.removeAttribute("value");
    const about = { ...told, running: running || uploading !== "" };
    qa.drawWelcome({ shelf, told: about, line: uploading || line, share });
    const problems = [error, ...refused].filter(Boolean);
    at("qa-library-problem").hidden = problems.length === 0;
    at("qa-library-problem").textContent = problems.join(" ");
    drawLog(running ? [] : log);
    // A first file is best added where the reader is.
    if (refused.length && !document.body.classList.contains("qa-in-library")) show(true);
  }
  function drawLog(log) {
    const box = at("qa-log");
    box.hidden = log.length === 0;
    const skipped = log.filter((seed) => seed.outcome === "skipped");
    const summary = Object.entries(OUTCOMES)
      .map(([outcome, word]) => [word, log.filter((s) => s.outcome === outcome).length])
      .concat([["Skipped", skipped.length]])
      .filter(([, count]) => count)
      .map(([word, count]) => `${word}: ${count}`);
    box.querySelector("summary").textContent = summary.join(", ");
    if (skipped.length) box.open = true;
    const lines = [...skipped, ...log.filter((seed) => seed.outcome !== "skipped")];
    box.querySelector("ul").replaceChildren(
      ...lines.slice(0, 200).map((seed) => {
        const item = element("li", "");
        item.append(element("strong", seed.file));
        const what = OUTCOMES[seed.outcome] ?? "Skipped";
        item.append(seed.reason ? ` ${what}: ${seed.reason}` : ` ${what}`);
        return item;
      }),
    );
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("button");
    if (!target) return;
    if (target.id === "qa-to-library") show(true);
    else if (target.id === "qa-to-room") show(false);
    else if (target.id === "qa-rebuild") build();
    else if (target.id === "qa-new") {
      show(false);
      at("qa-fresh").click();
      document.querySelector("#qa-question textarea")?.focus();
    } else if (target.parentElement?.dataset.by) {
      const by = target.parentElement.dataset.by;
      sorting = { by, up: sorting.by === by ? !sorting.up : true };
      draw();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "qa-files") return;
    const files = [...event.target.files];
    event.target.value = "";
    add(files);
  });
  // Files may be dropped anywhere on the page; they are for the library.
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    document.body.classList.add("qa-dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("qa-dropping");
  });
  document.addEventListener(
    "drop",
    (event) => {
      document.body.classList.remove("qa-dropping");
      if (!carries(event) || !event.dataTransfer.files.length) return;
      event.preventDefault();
      event.stopPropagation();
      if (shelf?.examples.length) show(true);
      add([...event.dataTransfer.files]);
    },
    true,
  );
  qa.showLibrary = show;
})();
