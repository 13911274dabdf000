/* What every page gains from a script, and loses nothing without: where the reader's place is after a change. */
"use strict";

/* The summary of errors is read first: an alert already in the page when it loads is not announced. */
const errors = document.querySelector(".errors");
if (errors) {
  errors.focus();
}

/* While htmx waits, its target says so; once changed, the place is the new heading, if it asks for it. */
document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target.removeAttribute("aria-busy");
});
document.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.elt.querySelector("[data-focus]");
  if (place) {
    place.setAttribute("tabindex", "-1");
    place.focus();
  }
});

/* A long list says how many boxes are ticked, those that it keeps without showing included. */
document.addEventListener("change", (event) => {
  const list = event.target.closest(".tick-list");
  if (list && event.target.type === "checkbox") {
    const told = list.querySelector("[data-kept]");
    const count = Number(told.dataset.kept) + list.querySelectorAll(":checked").length;
    told.querySelector("span").textContent = count.toLocaleString(document.documentElement.lang);
  }
});
