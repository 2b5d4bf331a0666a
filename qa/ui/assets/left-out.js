// What is not read of a file, part by part: the file is read anew to tell.
(() => {
  "use strict";
  const { at, element } = qa;
  let wanted = "";
  const counted = (count) => `${count} ${count === 1 ? "part is" : "parts are"} not read:`;
  const summary = ({ parts, more, refused }) => {
    if (refused) return refused;
    if (!parts.length) return "Nothing is left out of it.";
    const total = counted(parts.length + more);
    return more ? `${total} the first ${parts.length}.` : total;
  };
  // Parts that stand together at one place and for one reason are told once why.
  const grouped = (parts) => {
    const groups = [];
    for (const { text, reason, where } of parts) {
      const last = groups.at(-1);
      if (last?.reason === reason && last.where === where) last.texts.push(text);
      else groups.push({ reason, where, texts: [text] });
    }
    return groups;
  };
  const drawGroup = (file) => ({ reason, where, texts }) => {
    // The file itself is named above already.
    const place = where.startsWith(file) ? where.slice(file.length).replace(/^[#,\s]+/, "") : where;
    const why = place ? `${place}: ${reason}` : reason;
    const said = texts.filter(Boolean).map((text) => element("dd", text));
    return [element("dt", why), ...said];
  };
  qa.showLeftOut = async (row) => {
    wanted = row.file;
    at("qa-left-out-file").textContent = row.file;
    at("qa-left-out-line").textContent = "Reading the file…";
    at("qa-left-out-parts").replaceChildren();
    at("qa-left-out").showModal();
    let line = "";
    let parts = [];
    try {
      const name = encodeURIComponent(row.file);
      const listing = await qa.callJson(`page/library/left-out?name=${name}`);
      line = summary(listing);
      parts = grouped(listing.parts).flatMap(drawGroup(row.file));
    } catch (error) {
      line = error.message;
    }
    if (wanted !== row.file) return;
    at("qa-left-out-line").textContent = line;
    at("qa-left-out-parts").replaceChildren(...parts);
  };
})();
