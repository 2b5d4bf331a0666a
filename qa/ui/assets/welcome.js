// Before the first question: examples from the articles, or how to get some.
(() => {
  "use strict";
  const { at, element } = qa;
  const example = (question) => {
    const button = element("button", question, { type: "button", class: "qa-example" });
    button.addEventListener("click", () => qa.ask(question));
    return button;
  };
  // What the page can be used for now; told by library.js.
  qa.drawWelcome = ({ shelf, told, line, share }) => {
    if (!at("qa-welcome-page") || !shelf) return;
    const empty = shelf.generation === null || shelf.examples.length === 0;
    const building = empty && told.running;
    at("qa-welcome-ask").hidden = empty;
    at("qa-welcome-building").hidden = !building;
    at("qa-welcome-empty").hidden = !empty || building;
    at("qa-examples-label").hidden = shelf.examples.length === 0;
    at("qa-examples").replaceChildren(...shelf.examples.map(example));
    at("qa-welcome-stage").textContent = line;
    if (share === null) at("qa-welcome-progress").removeAttribute("value");
    else at("qa-welcome-progress").value = share;
    const files = shelf.rows.length;
    const problems = [told.failure];
    if (empty && !building && files) problems.push(told.error || shelf.problem);
    const problem = problems.filter(Boolean).join(" ");
    at("qa-welcome-problem").hidden = !problem;
    at("qa-welcome-problem").textContent = problem;
  };
  document.addEventListener("click", (event) => {
    if (event.target.id === "qa-first-files") at("qa-files").click();
  });
})();
