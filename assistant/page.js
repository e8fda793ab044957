// The chat page's behaviour: a click on a citation shows its words in the source pane; a new question is scrolled
// to the top, until its reader scrolls or types. Everything is delegated from the document, because answers come and go.
(() => {
  let lastMark = null;
  let questions = 0;
  let following = true;

  const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

  function showSource(mark) {
    const card = document.getElementById(mark.hash.slice(1));
    if (!card) return false;
    lastMark = mark;
    const section = card.closest(".turn");
    document.querySelectorAll("#sources .turn").forEach((turn) => turn.classList.toggle("shown", turn === section));
    document.querySelectorAll("#sources .card").forEach((other) => other.classList.toggle("chosen", other === card));
    document.querySelectorAll("a.mark").forEach((other) => other.classList.toggle("chosen", other.hash === mark.hash));
    card.scrollIntoView({ behavior: calm(), block: "start" });
    card.focus({ preventScroll: true });
    return true;
  }

  function goBack() {
    if (!lastMark?.isConnected) return;
    lastMark.scrollIntoView({ behavior: calm(), block: "center" });
    lastMark.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const mark = target?.closest("a.mark");
    if (mark && showSource(mark)) event.preventDefault();
    if (target?.closest("a.back") && lastMark) {
      event.preventDefault();
      goBack();
    }
    if (target?.closest("#new")) document.querySelector("#question textarea")?.focus();
  });

  for (const kind of ["wheel", "touchmove", "keydown"]) {
    document.addEventListener(kind, () => (following = false), { passive: true });
  }

  new MutationObserver((changes) => {
    const within = (area) => changes.some(({ target }) => target instanceof Element && target.closest(area));
    if (within("#sources")) document.getElementById("sources").scrollTop = 0;
    if (!within("#chat")) return;
    const asked = document.querySelectorAll("#chat .question");
    if (asked.length > questions) following = true;
    questions = asked.length;
    const start = asked.length > 1 ? asked[asked.length - 1] : document.getElementById("top");
    if (following) start?.scrollIntoView({ block: "start" });
  }).observe(document, { childList: true, subtree: true });
})();
