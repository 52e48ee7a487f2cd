import { expect, type Locator, type Page } from "@playwright/test";
import type { Words } from "../support/words";
import type { Sidebar } from "./sidebar";

/** The menu behind one's own name. */
export class Settings {
  readonly menu: Locator;
  readonly shareReads: Locator;

  constructor(
    readonly page: Page,
    private readonly sidebar: Sidebar,
    readonly words: Words,
  ) {
    this.menu = page.locator(".me-menu");
    this.shareReads = this.menu.getByRole("checkbox", { name: words.shareReads });
  }

  async open(): Promise<void> {
    await this.sidebar.open();
    if (!(await this.menu.isVisible())) await this.sidebar.settings.click();
    await expect(this.menu).toBeVisible();
  }

  /** Chooses how to be seen, and closes the menu. */
  async appearsAs(status: string): Promise<void> {
    await this.open();
    await this.menu.getByRole("radio", { name: status, exact: true }).check();
    await this.page.keyboard.press("Escape");
    await expect(this.menu).toBeHidden();
  }

  async sharesReads(share: boolean): Promise<void> {
    await this.open();
    await this.shareReads.setChecked(share);
    await this.page.keyboard.press("Escape");
    await expect(this.menu).toBeHidden();
  }
}
