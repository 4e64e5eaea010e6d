"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const nav = document.querySelector(".contents");
  const menu = nav.querySelector(".menu");
  const links = [...nav.querySelectorAll("a[href^='#']")];
  const places = links.map((link) => document.getElementById(link.hash.slice(1)));

  const fold = (open) => menu.setAttribute("aria-expanded", String(open));
  menu.addEventListener("click", () => fold(menu.getAttribute("aria-expanded") !== "true"));
  nav.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { fold(false); menu.focus(); }
  });
  links.forEach((link) => link.addEventListener("click", () => fold(false)));

  // The part being read is the last one whose top lies above a third of the window.
  const mark = () => {
    const line = window.innerHeight / 3;
    let at = 0;
    places.forEach((place, index) => { if (place.getBoundingClientRect().top <= line) at = index; });
    links.forEach((link, index) => {
      if (index === at) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    nav.querySelectorAll("#contents > li").forEach((item) => item.classList.toggle("open", item.contains(links[at])));
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  addEventListener("resize", mark);
  mark();

  // On paper nothing can be unfolded: tables and figures are opened, and closed again afterwards. Long ones that hold
  // nothing but what cannot be evaluated, or one line a person, stay closed.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open]):not(.screen)")].filter((part) => part.querySelector("table, img"));
    opened.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => { opened.forEach((part) => { part.open = false; }); opened = []; });

  // A link into a folded part opens it.
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    for (let part = target && target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
