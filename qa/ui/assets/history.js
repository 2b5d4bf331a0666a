// Conversations, kept in this browser: each answer signed by the server, so that it
// can come back as it was or not at all.
(() => {
  "use strict";
  const { at, element, say, store } = qa;
  const KEPT = 50;
  const LENGTH = 200;
  const BODY = 900000;
  let current = "";
  let known = "";

  const all = () => store.get("history", []).filter((one) => one.signed);
  const answers = () =>
    [...document.querySelectorAll('#qa-conversation a[href*="#do-retry-"]')].map((link) =>
      link.getAttribute("href").split("#do-retry-").pop(),
    );
  // The oldest make room where the browser's store is full.
  const save = (conversations) => {
    let kept = conversations.slice(0, KEPT);
    while (kept.length && !store.set("history", kept)) kept = kept.slice(0, -1);
    if (!kept.length) store.set("history", []);
  };
  // The page shows the last answers of a long conversation; here are all of them.
  const whole = (shown, before) => {
    const place = before?.answers.indexOf(shown[0]) ?? -1;
    return [...(before?.answers.slice(0, Math.max(place, 0)) ?? []), ...shown].slice(-LENGTH);
  };
  async function keep(shown) {
    const earlier = all();
    const before = earlier.find((one) => one.id === current);
    const ids = whole(shown, before);
    const signed = { ...(before?.signed ?? {}) };
    let title = before?.title ?? "";
    try {
      for (const id of ids) {
        if (signed[id]) continue;
        signed[id] = await (await qa.call(`page/answers/${id}/signed`)).text();
      }
      title = await (await qa.call(`page/answers/${ids[0]}/question`)).text();
    } catch {
      return; // not kept on the server any more; what is here stays
    }
    if (known !== shown.join()) return;
    current ||= ids[0];
    const here = {
      id: current,
      title: title.slice(0, 200),
      when: new Date().toISOString(),
      answers: ids,
      signed: Object.fromEntries(ids.map((id) => [id, signed[id]])),
    };
    save([here, ...earlier.filter((one) => one.id !== current)]);
    sessionStorage.setItem("qa-current", current);
  }
  qa.whenChanged(() => {
    if (!at("qa-conversation") && known) {
      // A new conversation was begun.
      known = current = "";
      sessionStorage.removeItem("qa-current");
      return;
    }
    const ids = answers();
    if (!ids.length || ids.join() === known) return;
    known = ids.join();
    keep(ids);
  });

  function restore(conversation) {
    const signed = conversation.answers.map((id) => conversation.signed[id]);
    while (JSON.stringify(signed).length > BODY) signed.shift();
    current = conversation.id;
    known = conversation.answers.join();
    sessionStorage.setItem("qa-current", current);
    qa.showLibrary(false);
    qa.act({ kind: "restore", signed });
  }
  // An address leads to one answer; a reload to the conversation that was open.
  qa.recall = () => {
    const answer = new URLSearchParams(location.search).get("answer");
    const last = all().find((one) => one.id === sessionStorage.getItem("qa-current"));
    if (/^[0-9a-f]{16}$/.test(answer ?? "")) {
      const here = all().find((one) => one.answers.includes(answer));
      if (here) restore(here);
      else {
        qa.act({ kind: "open", answer });
        qa.call(`page/answers/${answer}/question`).catch((error) => say(error.message));
      }
      history.replaceState(null, "", location.pathname);
    } else if (last) restore(last);
  };

  const when = (time) =>
    new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const draw = () => {
    const items = all().map((conversation) => {
      const item = element("li");
      const open = element("button", conversation.title, { type: "button" });
      const count = conversation.answers.length;
      open.append(
        element("span", `${when(conversation.when)} · ${count} ${count === 1 ? "answer" : "answers"}`),
      );
      open.addEventListener("click", () => {
        at("qa-history").close();
        restore(conversation);
      });
      const forget = element("button", "Forget", {
        type: "button",
        "aria-label": `Forget: ${conversation.title}`,
      });
      forget.addEventListener("click", () => {
        save(all().filter((one) => one.id !== conversation.id));
        draw();
      });
      item.append(open, forget);
      return item;
    });
    at("qa-history-list").replaceChildren(...items);
    at("qa-history-forget").hidden = !items.length;
    const shown = answers();
    const ids = whole(shown, all().find((one) => one.id === current));
    at("qa-history-now").hidden = !shown.length;
    const query = ids.map((id) => `answer=${id}`).join("&");
    for (const form of ["md", "html"]) {
      at(`qa-export-${form}`).href = `page/conversation.${form}?${query}`;
    }
  };
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("button");
    if (target?.id === "qa-to-history") {
      draw();
      at("qa-history").showModal();
    } else if (target?.id === "qa-history-forget") {
      save([]);
      draw();
    } else if (target && "close" in target.dataset) {
      target.closest("dialog").close();
    }
  });
})();
