// The conversation: it stays at its end while it grows, unless the reader scrolled
// away; finished answers can be copied, asked again, judged.
(() => {
  "use strict";
  const { at, announce, say, payload } = qa;
  const NEAR_END = 80;
  const TOLD = ".qa-wait, .qa-abstained, .qa-failure, .qa-answer";
  const ACT = 'a[href*="#do-"]';
  let newest = 0;
  let following = true;
  let placed = 0;
  let told = "";
  let replaces = "";
  let sent = null;

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
    for (const link of box.querySelectorAll(ACT)) link.setAttribute("role", "button");
  };
  const scroller = () => document.querySelector('#qa-conversation [role="log"]');
  const nearEnd = (log) =>
    log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  qa.whenChanged(() => {
    const log = scroller();
    if (!log) return;
    const asked = rows().length;
    if (asked > newest) {
      following = true;
      placed = 0;
      // Another generator may have been chosen meanwhile.
      qa.listen();
    }
    newest = asked;
    if (sent && wasTaken()) {
      if (box().value === sent.question) put("");
      sent = null;
    }
    qa.markOpener();
    // The reader may have scrolled up a moment ago, before any event told of it.
    if (log.scrollTop < placed && !nearEnd(log)) following = false;
    if (following) log.scrollTop = log.scrollHeight;
    placed = log.scrollTop;
    label(log);
    // The answer to be replaced is gone: the question was taken.
    if (replaces && !log.querySelector(`a[href$="#do-retry-${replaces}"]`)) stopEditing();
    const last = [...log.querySelectorAll(TOLD)].pop()?.textContent ?? "";
    if (last !== told) announce(last);
    told = last;
  });
  document.addEventListener(
    "scroll",
    (event) => {
      const box = scroller();
      if (event.target !== box) return;
      following = nearEnd(box);
    },
    true,
  );

  // What stands under an answer.
  const copy = async (text, done) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without https, beyond this machine, there is no clipboard to write to.
      const area = qa.element("textarea", text);
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(done);
  };
  const references = async (answer, form) =>
    (await qa.call(`page/answers/${answer}/${form}`)).text();
  const box = () => document.querySelector("#qa-question textarea");
  const put = (text) => {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  };
  const fill = (text) => {
    const area = box();
    put(text);
    area.focus();
    area.setSelectionRange(text.length, text.length);
  };
  // A question stays in its box until the conversation shows that it was taken.
  const busy = () => at("qa-stop")?.checkVisibility() ?? false;
  const rows = () => [...document.querySelectorAll("#qa-conversation .user-row")];
  const lastAsked = () => rows().pop()?.textContent ?? "";
  const look = () => `${rows().length} ${busy()} ${lastAsked()}`;
  // A question is drawn as Markdown, which leaves its letters and digits.
  const letters = (text) => text.replace(/[^\p{L}\p{N}]+/gu, "");
  const wasTaken = () =>
    look() !== sent.look && letters(lastAsked()) === letters(sent.question);
  qa.sending = (session, question) => {
    sent = { question, look: look() };
    return [session, question, qa.payloadNow()];
  };
  qa.ask = (question) => {
    fill(question);
    // The box tells Gradio of its new text in its own time.
    requestAnimationFrame(() => requestAnimationFrame(() => at("qa-send")?.click()));
  };
  const judge = (rating) => async (answer) => {
    await qa.callJson("page/feedback", { answer, rating });
    say(
      rating === "good"
        ? "Noted as a good answer in feedback.jsonl."
        : "Noted as a poor answer in feedback.jsonl.",
    );
  };
  const acts = {
    plain: async (a) => copy(await references(a, "plain"), "Copied with references."),
    markdown: async (a) => copy(await references(a, "markdown"), "Copied as Markdown."),
    bibtex: async (a) => copy(await references(a, "bibtex"), "Copied as BibTeX."),
    link: (a) => copy(`${location.origin}/?answer=${a}`, "Copied the address."),
    good: judge("good"),
    poor: judge("poor"),
    retry: (answer) => {
      qa.act({ kind: "retry", answer, payload: JSON.parse(qa.payloadNow()) });
      box()?.focus();
    },
    edit: async (answer) => {
      fill(await references(answer, "question"));
      replaces = answer;
      at("qa-editing").hidden = false;
    },
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.(ACT);
    if (link) {
      event.preventDefault();
      const [name, answer] = link.getAttribute("href").split("#do-")[1].split("-");
      try {
        await acts[name](answer);
      } catch (error) {
        say(error.message);
      }
    }
    if (event.target.closest?.("#qa-editing-stop")) {
      stopEditing();
      fill("");
    }
  });
  const stopEditing = () => {
    replaces = "";
    if (at("qa-editing")) at("qa-editing").hidden = true;
  };
  payload.replaces = () => replaces;

  // A slash outside a field leads to the question.
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !qa.typing() && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box()?.focus();
    }
  });
})();
