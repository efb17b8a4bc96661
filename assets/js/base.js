/** On every page: menus that close, and the mark on the page that one is on. */

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const menu = target.closest("details.menu");
  closeMenus(menu && !target.closest(".menu-list :is(a, button)") ? menu : null);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  closeMenus(null);
  open.querySelector("summary")?.focus();
});

for (const link of document.querySelectorAll("[data-nav]")) {
  if (link.getAttribute("href") === location.pathname) link.setAttribute("aria-current", "page");
}
