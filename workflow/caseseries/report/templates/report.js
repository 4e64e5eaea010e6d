"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const made = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };
  const button = (text, action, className = "tool") => {
    const element = made("button", className, text);
    element.type = "button";
    element.addEventListener("click", () => action(element));
    return element;
  };

  // Contents
  const nav = document.querySelector(".contents");
  const menu = nav.querySelector(".menu");
  const links = all("a[href^='#']", nav);
  const places = links.map((link) => document.getElementById(link.hash.slice(1)));
  const fold = (open) => menu.setAttribute("aria-expanded", String(open));
  menu.addEventListener("click", () => fold(menu.getAttribute("aria-expanded") !== "true"));
  nav.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { fold(false); menu.focus(); }
  });
  links.forEach((link) => link.addEventListener("click", () => { fold(false); alone(null); }));

  // The part being read is the last one whose top lies above a third of the window.
  const mark = () => {
    const line = window.innerHeight / 3;
    let at = 0;
    places.forEach((place, index) => { if (place.getBoundingClientRect().top <= line) at = index; });
    links.forEach((link, index) => {
      if (index === at) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    all("#contents > li", nav).forEach((item) => item.classList.toggle("open", item.contains(links[at])));
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  addEventListener("resize", mark);

  // One cohort alone, on screen and on paper
  const alone = (part) => {
    root.classList.toggle("alone", Boolean(part));
    all(".part").forEach((other) => other.classList.toggle("chosen", other === part));
    all(".only").forEach((one) => {
      const here = Boolean(part) && part.contains(one);
      one.setAttribute("aria-pressed", String(here));
      one.textContent = here ? "Show everything" : "This cohort alone";
    });
  };
  all(".part > .kicker").forEach((kicker) => {
    const part = kicker.parentElement;
    const one = button("This cohort alone", () => {
      alone(part.classList.contains("chosen") ? null : part);
      part.scrollIntoView();
    }, "tool only");
    one.setAttribute("aria-pressed", "false");
    kicker.append(" ", one);
  });

  // Copying: the table as a table for Word, sentences as plain text
  const copy = (place, text, html) => {
    const give = (event) => {
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
      event.preventDefault();
    };
    document.addEventListener("copy", give, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", give);
    const before = place.textContent;
    place.textContent = done ? "Copied" : "Not copied: the browser does not let it";
    setTimeout(() => { place.textContent = before; }, 1500);
  };
  const words = (element) => (element ? element.innerText || element.textContent : "").replace(/\s+/g, " ").trim();
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const answer = document.querySelector(".answer");
  const lines = document.querySelector(".lines");
  if (answer && lines) {
    lines.after(button("Copy these sentences", (place) => {
      const said = [words(answer.firstChild), words(document.querySelector(".context"))];
      all("div", lines).forEach((line) => said.push(`${words(line.children[0])}: ${words(line.children[1])}`));
      copy(place, said.filter(Boolean).join("\n"));
    }));
  }

  // Tables: sorted and filtered by the numbers behind the text
  const value = (cell) => (cell && cell.dataset.value !== undefined ? Number(cell.dataset.value) : null);
  const compared = (a, b) => {
    const x = value(a), y = value(b);
    if (x !== null && y !== null) return x - y;
    if (x !== null || y !== null) return x !== null ? -1 : 1;
    return words(a).localeCompare(words(b), "en", { numeric: true });
  };
  const asText = (table) => all("tr", table).filter((row) => !row.hidden && !row.closest("tfoot"))
    .map((row) => [...row.cells].map((cell) => words(cell)));
  const asHtml = (table) => {
    const cell = (one) => {
      const tag = one.tagName.toLowerCase();
      const right = one.classList.contains("numbers") ? "right" : "left";
      const line = one.closest("thead") ? "border-bottom:1pt solid #000" : "border-bottom:.5pt solid #999";
      return `<${tag} colspan="${one.colSpan}" style="text-align:${right};padding:2pt 6pt;${line}">${escaped(words(one))}</${tag}>`;
    };
    const rows = all("tr", table).filter((row) => !row.hidden && !row.closest("tfoot"))
      .map((row) => `<tr>${[...row.cells].map(cell).join("")}</tr>`);
    const notes = all("tfoot p", table).map((note) => `<p style="font-size:8pt">${escaped(words(note))}</p>`);
    return `<p><b>${escaped(words(table.caption))}</b></p><table style="border-collapse:collapse;font-size:9pt">${rows.join("")}</table>${notes.join("")}`;
  };
  const shownBy = (row, headings, asked) => asked.every((term) => {
    const found = term.match(/^(.*?)\s*(<=|>=|<|>|=)\s*(-?[\d.]+)$/);
    if (!found) return words(row).toLowerCase().includes(term);
    const [, name, sign, limit] = found;
    return headings.some((heading, place) => {
      const number = heading.includes(name) ? value(row.cells[place]) : null;
      if (number === null) return false;
      const gap = number - Number(limit);
      return { "<": gap < 0, ">": gap > 0, "<=": gap <= 0, ">=": gap >= 0, "=": gap === 0 }[sign];
    });
  });
  all("table.caseseries").forEach((table) => {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const data = original.filter((row) => !row.classList.contains("heading") && !row.querySelector(".across"));
    const heads = [...table.tHead.rows[0].cells];
    const tools = made("div", "tools");
    tools.append(button("Copy table", (place) => {
      copy(place, asText(table).map((row) => row.join("\t")).join("\n"), asHtml(table));
    }));
    if (data.length > 8) {
      const label = made("label", "", "Filter ");
      const field = made("input");
      field.type = "search";
      field.placeholder = "words, or a column > 30";
      const names = heads.map((head) => words(head).toLowerCase());
      field.addEventListener("input", () => {
        const asked = field.value.toLowerCase().split(",").map((term) => term.trim()).filter(Boolean);
        data.forEach((row) => { row.hidden = !shownBy(row, names, asked); });
        table.classList.toggle("narrowed", asked.length > 0);
      });
      label.append(field);
      tools.append(label);
    }
    const after = table.closest(".wide") || table;
    const file = after.nextElementSibling;
    if (file && file.classList.contains("csv")) tools.append(...file.childNodes), file.remove();
    after.after(tools);
    if (data.length < 3) return;
    heads.forEach((head, place) => {
      const sort = made("button", "sort");
      sort.type = "button";
      sort.append(...head.childNodes);
      head.append(sort);
      sort.addEventListener("click", () => {
        const next = { ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")] || "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        table.classList.toggle("sorted", next !== "none");
        if (next === "none") { body.append(...original); return; }
        head.setAttribute("aria-sort", next);
        const sign = next === "ascending" ? 1 : -1;
        const empty = (row) => value(row.cells[place]) === null && ["–", ""].includes(words(row.cells[place]));
        body.append(...[...data].sort((a, b) => {
          if (empty(a) || empty(b)) return empty(a) - empty(b);
          return sign * compared(a.cells[place], b.cells[place]);
        }));
      });
    });
  });

  // The definition that is chosen: one of several parts is shown
  all(".chooser").forEach((chooser) => {
    const options = all(":scope > .option", chooser);
    const select = made("select");
    options.forEach((option, place) => select.add(new Option(words(option.querySelector("summary")), place)));
    const show = () => options.forEach((option, place) => {
      option.hidden = place !== Number(select.value);
      option.open = !option.hidden;
    });
    const label = made("label", "choice", "Definition ");
    label.append(select);
    chooser.prepend(label);
    chooser.open = true;
    select.addEventListener("change", show);
    show();
  });

  // On paper nothing can be unfolded: tables and figures are opened, and closed again afterwards. Long ones that hold
  // nothing but what cannot be evaluated, or one line a person, stay closed.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open]):not(.screen)").filter((part) => part.querySelector("table, img"));
    opened = opened.filter((part) => !part.parentElement.closest("details.screen, .chooser"));
    opened.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => { opened.forEach((part) => { part.open = false; }); opened = []; });

  // One case on one sheet of paper, made smaller where it is longer than that
  const PAPER = 250 / 25.4 * 96;
  const sheetOf = (part) => {
    const sheet = made("div", "sheet");
    const copy = part.cloneNode(true);
    copy.querySelectorAll("details, .tool").forEach((inner) => inner.remove());
    sheet.append(made("p", "note", part.dataset.sheet), made("h1", "", words(copy.querySelector("summary"))));
    sheet.append(...[...copy.childNodes].filter((node) => node.nodeName !== "SUMMARY"));
    sheet.classList.toggle("long", all("table.course tbody tr", sheet).length > 30);
    return sheet;
  };
  const leave = () => {
    root.classList.remove("one-case");
    root.style.fontSize = "";
    all("body > .sheet").forEach((sheet) => sheet.remove());
  };
  const printed = (part) => {
    const sheet = sheetOf(part);
    document.body.append(sheet);
    root.classList.add("one-case");
    for (let size = 10; size >= 4.5; size -= 0.5) {
      root.style.fontSize = `${size}pt`;
      if (sheet.offsetHeight <= PAPER) break;
    }
    addEventListener("afterprint", leave, { once: true });
    print();
  };
  all("details[data-sheet]").forEach((part) => {
    part.firstElementChild.after(button("Print this case", () => printed(part)));
  });

  // A link into a folded part opens it.
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    if (target.closest("details")) target.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", reveal);
  reveal();
  mark();
})();
