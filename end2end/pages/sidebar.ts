import { expect, type Locator, type Page } from "@playwright/test";
import type { Words } from "../support/words";

/** The user's rooms: a column in wide windows, a drawer in narrow ones. */
export class Sidebar {
  readonly nav: Locator;
  readonly toggle: Locator;
  readonly rooms: Locator;
  readonly find: Locator;
  readonly newRoom: Locator;
  readonly browse: Locator;
  readonly settings: Locator;

  constructor(
    readonly page: Page,
    readonly words: Words,
  ) {
    this.nav = page.getByRole("navigation", { name: words.rooms });
    this.toggle = page.getByRole("button", { name: words.showRooms });
    this.rooms = page.locator("nav.sidebar a.sidebar-room");
    this.find = this.nav.getByRole("button", { name: words.findRoom });
    this.newRoom = this.nav.getByRole("button", { name: words.newRoom });
    this.browse = this.nav.getByRole("button", { name: words.browseRooms });
    this.settings = this.nav.getByRole("button", { name: words.settings });
  }

  /** Makes the list visible; in narrow windows by its button. */
  async open(): Promise<void> {
    if (await this.toggle.isVisible()) {
      if (!(await this.nav.isVisible())) await this.toggle.click();
    }
    await expect(this.nav).toBeVisible();
  }

  /** The entry of a room. */
  room(name: string): Locator {
    return this.rooms.filter({ has: this.page.locator(".sidebar-name").getByText(name, { exact: true }) });
  }

  /** Returns the room names from top to bottom, without opening the drawer. */
  async names(): Promise<string[]> {
    return this.rooms.locator(".sidebar-name").allTextContents();
  }

  /** Returns the number of unread messages shown for a room; 0 if none is shown. */
  async unread(room: string): Promise<number> {
    return Number((await this.room(room).getAttribute("data-unread")) ?? 0);
  }

  async showsUnread(room: string, count: number): Promise<void> {
    await expect(this.room(room)).toHaveCount(1);
    if (count === 0) await expect(this.room(room)).not.toHaveAttribute("data-unread");
    else await expect(this.room(room)).toHaveAttribute("data-unread", String(count));
  }

  /** Opens one of the user's rooms. */
  async goes(room: string): Promise<void> {
    await this.open();
    await this.room(room).click();
  }
}
