/* Words that a reader cannot see whole: cut by the box around them, or covered by something else. */
() => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const told = new Map();
  const tell = (element, what) => told.has(element) || told.set(element, `${what}: ${element.outerHTML.slice(0, 120)}`);
  const cuts = (style) => ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
  const scrolls = (style) => ["auto", "scroll"].includes(style.overflowX) || ["auto", "scroll"].includes(style.overflowY);
  const floats = (element) => {
    for (let each = element; each; each = each.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(each).position)) return true;
    return false; // what floats covers what one scrolls away from under it
  };
  const shell = (element) => { // the nearest box that cuts, unless one may scroll to what it hides
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (scrolls(style)) return null;
      if (cuts(style)) return each;
    }
    return null;
  };
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || element.closest(".vh, .skip, svg, noscript, template, option, dialog, [aria-hidden=true]")) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    const box = shell(element)?.getBoundingClientRect();
    for (const line of range.getClientRects()) {
      if (line.width < 2 || (box && box.width <= 1)) continue;
      if (box && (line.right > box.right + 1 || line.left < box.left - 1 || line.bottom > box.bottom + line.height / 3)) tell(element, "cut");
      const [x, y] = [line.left + line.width / 2, line.top + line.height / 2];
      if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
      const top = document.elementFromPoint(x, y);
      if (top && !floats(top) && !top.contains(element) && !element.contains(top) && !top.closest("label")?.contains(element)) {
        tell(element, `covered by ${top.outerHTML.slice(0, 60)}`);
      }
    }
  }
  return [...told.values()];
}
