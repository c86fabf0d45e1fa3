// What a careful designer would not accept on the page as it stands: a sentence for each fault.
// It is run in the page by layout.py, at one width after another.
(isPrinted) => {
  const ROOM = 1; // px lost in rounding
  const LINES = 5; // letters of one line may reach so far into the next
  const PHONE = 768;
  const LEAST = 24;
  const MAIN = 44;
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea";
  const BOXES =
    "main, .card, .table-container, .form-section, .form-bar, .callout, .dialog, fieldset, td, th, .toggle, .companion, .draft, .rows > li, .chips a, .badge, .btn, .form-grid > *, .filters > *";
  const found = [];
  const style = (element) => getComputedStyle(element);
  const box = (element) => element.getBoundingClientRect();

  function name(element) {
    const words = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim();
    const marks = element.id ? `#${element.id}` : [...element.classList].map((one) => `.${one}`).join("");
    const text = words.replace(/\s+/g, " ").slice(0, 40);
    return `${element.localName}${marks}${element.name ? `[${element.name}]` : ""}${text && ` „${text}”`}`;
  }

  function tell(fault, element, ...more) {
    found.push([fault, name(element), ...more].join(" "));
  }

  // Of a label that is read aloud only, the box is one pixel.
  const isForEars = (element) => Boolean(element.closest(".visually-hidden, .skip, thead")) && box(element).width <= ROOM;

  // What is asked of an element is asked again of all that it holds.
  function remembered(ask) {
    const answers = new Map();
    return (element) => {
      if (!answers.has(element)) answers.set(element, ask(element));
      return answers.get(element);
    };
  }

  const isClipped = remembered(
    (element) =>
      style(element).clipPath !== "none" ||
      element.matches(".visually-hidden") ||
      (element.parentElement !== null && isClipped(element.parentElement)),
  );

  const isSeen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !isClipped(element);

  const seen = [...document.body.querySelectorAll("*")].filter(
    (element) => !element.closest("svg svg, svg *, option, #picker, script, noscript, template") && isSeen(element),
  );
  const seenSet = new Set(seen);

  // What holds an element back: one that scrolls lets it be wider.
  const scrolls = remembered((element) => ["auto", "scroll"].includes(style(element).overflowX));
  const floats = remembered((element) => ["absolute", "fixed", "sticky"].includes(style(element).position));

  function above(element, is) {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) if (is(at)) return at;
    return null;
  }

  function sideways() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`sideways: the page is ${scrollWidth} px of ${clientWidth}`);
  }

  // Text and controls: what the eye meets, each with the rectangles it is drawn in.
  function drawn() {
    const leaves = [];
    for (const element of seen) {
      if (element.matches(`${FIELDS}, input, img, svg, .btn, .badge`)) {
        leaves.push({ element, rect: box(element), isBox: true });
      }
      if (style(element).textOverflow === "ellipsis") leaves.push({ element, rect: box(element), isBox: true });
      if (style(element).textOverflow === "ellipsis" || element.matches("select, textarea, svg, .btn, .badge") || element.closest(".btn, .badge")) continue;
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const rect of range.getClientRects()) {
          if (rect.width > ROOM) leaves.push({ element, rect, isBox: false });
        }
      }
    }
    return leaves;
  }

  function left(leaves) {
    const told = new Set();
    for (const { element, rect } of leaves) {
      const held = above(element, (at) => at.matches(BOXES) || scrolls(at));
      const holder = element.matches("td, th") ? element : held;
      if (!holder || scrolls(holder) || told.has(element)) continue;
      const { left: start, right: end } = box(holder);
      if (rect.left < start - ROOM || rect.right > end + ROOM) {
        told.add(element);
        tell("leaves its container:", element, `by ${Math.round(Math.max(start - rect.left, rect.right - end))} px,`, name(holder).slice(0, 60));
      }
    }
    for (const element of seen.filter((one) => one.matches(BOXES))) {
      const holder = above(element, (at) => at.matches(BOXES) || scrolls(at));
      if (!holder || scrolls(holder) || floats(element)) continue;
      const [inner, outer] = [box(element), box(holder)];
      if (inner.left < outer.left - ROOM || inner.right > outer.right + ROOM || inner.bottom > outer.bottom + ROOM) {
        tell("leaves its container:", element, "in", name(holder).slice(0, 60));
      }
    }
  }

  function cut() {
    for (const element of seen) {
      const { overflowX, overflowY, textOverflow } = style(element);
      // Three dots say that there is more.
      if (element.matches("html, body, svg, textarea") || textOverflow === "ellipsis") continue;
      // A table that may be wide says so: it is a region with a name.
      if (scrolls(element) && !element.matches("[role=region]") && element.scrollWidth > element.clientWidth + ROOM) {
        tell("goes sideways in its box:", element, `${element.scrollWidth} px in ${element.clientWidth}`);
      }
      const isField = element.matches("input:not([type=checkbox], [type=radio], [type=file])");
      const clipsX = overflowX === "hidden" || overflowX === "clip";
      const clipsY = overflowY === "hidden" || overflowY === "clip";
      if (isField ? element.scrollWidth > element.clientWidth + 2 && element.clientWidth < 60 && element.value : clipsX && element.scrollWidth > element.clientWidth + ROOM) {
        tell("text cut:", element, `${element.scrollWidth} px in ${element.clientWidth}`);
      } else if (!isField && clipsY && element.scrollHeight > element.clientHeight + ROOM) {
        tell("text cut:", element, `${element.scrollHeight} px high in ${element.clientHeight}`);
      }
    }
  }

  function overlapping(leaves) {
    const standing = leaves.filter(({ element }) => !floats(element) && !above(element, (at) => floats(at) && !at.matches(".aside")));
    standing.sort((one, other) => one.rect.top - other.rect.top);
    const told = new Set();
    standing.forEach((one, place) => {
      for (let next = place + 1; next < standing.length; next += 1) {
        const other = standing[next];
        const deep = one.isBox && other.isBox ? ROOM : LINES;
        if (other.rect.top >= one.rect.bottom - deep) {
          if (other.rect.top >= one.rect.bottom) break;
          continue;
        }
        const across = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
        const down = Math.min(one.rect.bottom, other.rect.bottom) - other.rect.top;
        if (across <= ROOM + 1 || down <= deep) continue;
        if (one.element === other.element || one.element.contains(other.element) || other.element.contains(one.element)) continue;
        if (isBehind(one.element) || isBehind(other.element)) continue;
        const key = `${name(one.element)} and ${name(other.element)}`;
        if (told.has(key)) continue;
        told.add(key);
        found.push(`overlap: ${key}`);
      }
    });
  }

  // What scrolls out of its own box is not drawn there.
  function isBehind(element) {
    const holder = above(element, scrolls);
    if (!holder) return false;
    const [inner, outer] = [box(element), box(holder)];
    return inner.left >= outer.right - ROOM || inner.right <= outer.left + ROOM || inner.right > outer.right + ROOM;
  }

  // A link in a sentence is as high as its line.
  function isInSentence(element) {
    if (element.localName !== "a" || style(element).display !== "inline") return false;
    const block = above(element, (at) => style(at).display !== "inline");
    return block.textContent.trim().length > element.textContent.trim().length + 1;
  }

  function size(element) {
    const rects = [box(element), ...[...(element.labels ?? [])].filter((one) => seenSet.has(one)).map(box)];
    const whole = ["checkbox", "radio"].includes(element.type) ? rects : rects.slice(0, 1);
    const width = Math.max(...whole.map((one) => one.right)) - Math.min(...whole.map((one) => one.left));
    const height = Math.max(...whole.map((one) => one.bottom)) - Math.min(...whole.map((one) => one.top));
    return [width, height];
  }

  function targets() {
    const isPhone = innerWidth < PHONE;
    for (const element of seen.filter((one) => one.matches(CONTROLS))) {
      const [width, height] = size(element);
      const isMain = isPhone && element.matches(`.btn, ${FIELDS}`);
      const least = isMain ? MAIN : LEAST;
      const isInline = !isMain && isInSentence(element);
      if (!isInline && (height < least - 0.5 || width < least - 0.5)) {
        tell("small target:", element, `${Math.round(width)} x ${Math.round(height)} px of ${least}`);
      }
    }
  }

  // A field that looks like paper until it is pointed at is found by nobody.
  function fields() {
    for (const element of seen.filter((one) => one.matches(FIELDS))) {
      const { borderBottomColor, borderBottomWidth, appearance } = style(element);
      const isBare = borderBottomWidth === "0px" || /, 0\)$|transparent/.test(borderBottomColor);
      if (isBare && appearance !== "auto") tell("field without an edge:", element);
    }
  }

  function bars() {
    return seen.filter((one) => ["fixed", "sticky"].includes(style(one).position) && !one.matches(".aside"));
  }

  function covered(element, stuck) {
    // Of a text of many lines the first is where the writing begins.
    const { x, y, width, height } = box(element);
    const rect = new DOMRect(x, y, width, element.localName === "textarea" ? LEAST : height);
    if (height > innerHeight / 2 && element.localName !== "textarea") return null;
    return stuck.find((bar) => {
      if (bar.contains(element)) return false;
      const over = box(bar);
      const across = Math.min(rect.right, over.right) - Math.max(rect.left, over.left);
      const down = Math.min(rect.bottom, over.bottom) - Math.max(rect.top, over.top);
      return across > ROOM && down > ROOM;
    });
  }

  function focus() {
    const before = document.activeElement;
    const stuck = bars();
    const stops = seen.filter((one) => one.matches(`${CONTROLS}, [tabindex="0"]`) && !one.disabled && one.tabIndex >= 0);
    for (const way of stuck.length ? [stops, [...stops].reverse()] : [stops]) {
      for (const element of way) {
        element.focus();
        const bar = covered(element, stuck);
        if (bar) tell("focus hidden:", element, "under", name(bar).slice(0, 60));
        const { outlineStyle, boxShadow } = style(element);
        if (outlineStyle === "none" && boxShadow === "none") tell("focus not shown:", element);
      }
    }
    if (before instanceof HTMLElement) before.focus();
    else document.activeElement.blur();
    scrollTo(0, 0);
  }

  function printed() {
    for (const element of seen.filter((one) => one.matches(".demo, .bar, .side, .form-bar, .btn, .filters"))) {
      tell("printed:", element);
    }
    for (const element of seen.filter((one) => one.matches(FIELDS) && !one.value)) tell("printed empty:", element);
  }

  if (isPrinted) {
    printed();
  } else {
    const leaves = drawn();
    sideways();
    left(leaves);
    cut();
    overlapping(leaves);
    targets();
    fields();
    focus();
  }
  return [...new Set(found)];
};
