/** On every page: menus that close, and the link to the page that is open. */

/** @param {Element | null} except stays open */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const menu = target.closest("details.menu");
  closeMenus(target.closest(".menu-list :is(a, button)") ? null : menu);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  closeMenus(null);
  menu.querySelector("summary")?.focus();
});

for (const link of document.querySelectorAll("[data-nav]")) {
  if (link.getAttribute("href") === location.pathname) link.setAttribute("aria-current", "page");
}
