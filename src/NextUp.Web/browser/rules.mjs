/* What must hold on every page in every state; the functions named find... run in the page. */
import assert from 'node:assert/strict';

/** What is wider than the room that it has. Tables that scroll by themselves are none. */
export function findTooWide() {
  const isWide = (element) => element.scrollWidth > element.clientWidth;
  return ['html', '.log', '.table-box', 'dialog', '.panel', '.rows > li', '.document', '.exam-question'].filter((one) =>
    [...document.querySelectorAll(one)].some(isWide),
  );
}

export function findFaults() {
  const faults = [];
  const nameOf = (element) =>
    element.getAttribute('aria-label') ??
    document.getElementById(element.getAttribute('aria-labelledby'))?.textContent ??
    (element.labels?.length ? element.labels[0].textContent : null) ??
    (element.matches('a, button') ? element.textContent : '');
  const named =
    'a, button, input, select, textarea, progress, meter, dialog, [role=region], [role^=tab], section, aside, article';
  for (const element of document.querySelectorAll(named)) {
    if ((nameOf(element) ?? '').trim() === '') faults.push(`no name: ${element.outerHTML.slice(0, 120)}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push(`id twice: ${id}`);
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for']) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(' ')) {
        if (document.getElementById(id) === null) faults.push(`${attribute} leads nowhere: ${id}`);
      }
    }
  }
  let level = 0;
  for (const heading of document.querySelectorAll('main :is(h1, h2, h3)')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push(`heading ${heading.textContent} jumps from ${level} to ${next}`);
    level = next;
  }
  if (document.querySelectorAll('h1').length !== 1) faults.push('there is not exactly one h1');
  // Where a question stands on the picture of its page is known only when it is drawn.
  if (document.querySelector('[style]:not(.exam-region)') !== null) faults.push('an inline style');
  for (const image of document.querySelectorAll('img:not([alt])')) faults.push(`no alt: ${image.src}`);
  return faults;
}

export function findFaintText() {
  const parse = (color) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [red, green, blue] = color.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return parse(getComputedStyle(document.body).backgroundColor);
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const isDrawn = element.checkVisibility() && element.closest('.unseen, noscript') === null;
    // Controls that cannot be used are exempt (WCAG 1.4.3).
    if (walker.currentNode.textContent.trim() === '' || !isDrawn || element.closest(':disabled') !== null) continue;
    const [text, ground] = [luminance(parse(getComputedStyle(element).color)), luminance(groundOf(element))];
    const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    if (contrast < 4.5) faint.add(`${contrast.toFixed(2)}: ${walker.currentNode.textContent.trim().slice(0, 40)}`);
  }
  return [...faint];
}

export async function tabTo(page, name) {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focusName(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the Tab key does not reach "${name}"`);
}

/** What is drawn anew has the focus a moment later. */
export function focusIsOn(page, text) {
  return page.waitForFunction((expected) => document.activeElement.textContent.trim() === expected, text);
}

export function focusName(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    return (element.getAttribute('aria-label') ?? element.textContent).trim();
  });
}
