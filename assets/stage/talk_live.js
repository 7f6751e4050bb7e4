// @ts-check
/* The page that shows a scene live, over the talk. */

class LivePage {
  element = build("div", "talk-live", { hidden: true });

  /** @param {Talk} talk @param {string[] | null} pages those that may be opened; null for all */
  constructor(talk, pages) {
    this.talk = talk;
    this.pages = pages;
  }

  get shown() {
    return !this.element.hidden;
  }

  /** The address of the page that shows this scene live, or "". */
  get address() {
    const {
        live,
        slide: { link },
      } = this.talk,
      page = link.split("?")[0];
    return live && link && (!this.pages || this.pages.includes(page)) ? new URL(link, location.href).href : "";
  }

  open() {
    const { address } = this;
    if (!address) return;
    const inside = new URL(address);
    inside.searchParams.set("live", "1"); // another visit: what is added to a talk there would not come here
    const frame = build("iframe", "", { src: inside.href, title: "The page, live" });
    frame.addEventListener("load", () =>
      frame.contentWindow?.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.close();
      }),
    );
    const back = build("button", "talk-button", { type: "button", onclick: () => this.close() }, "‹ Back to the talk (Esc)");
    const tab = build("a", "talk-button", { href: address, target: "_blank", rel: "noopener" }, "Open in a tab of its own");
    this.element.replaceChildren(build("div", "talk-livebar", {}, back, tab), frame);
    this.element.hidden = false;
    back.focus();
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
    this.talk.root.focus({ preventScroll: true });
  }
}
