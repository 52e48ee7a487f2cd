import { expect, type Locator, type Page } from "@playwright/test";
import { english, type Words } from "../support/words";

/** `/`: a name, a room, and in. */
export class Entrance {
  readonly name: Locator;
  readonly room: Locator;
  readonly join: Locator;
  /** Goes on without a name, where a stranger is asked for one. */
  readonly asGuest: Locator;
  /** The public rooms to choose from. */
  readonly openRooms: Locator;
  /** What is wrong, as the page says it. */
  readonly problem: Locator;

  constructor(
    readonly page: Page,
    readonly address: string,
    words: Words = english,
  ) {
    this.name = page.getByRole("textbox", { name: words.yourName });
    this.room = page.getByRole("textbox", { name: words.room });
    this.join = page.getByRole("button", { name: words.join });
    this.asGuest = page.getByRole("button", { name: words.asGuest });
    this.openRooms = page.getByRole("region", { name: words.openRooms }).getByRole("listitem");
    this.problem = page.getByRole("alert");
  }

  /** Shows the form, also to a person who has rooms already: `/` alone leads them there. */
  async open(): Promise<void> {
    await this.page.goto(new URL("/?room=", this.address).href);
    await expect(this.name).toBeVisible();
  }

  async fill(name: string, room: string): Promise<void> {
    await this.name.fill(name);
    await this.room.fill(room);
  }

  async enter(name: string, room: string): Promise<void> {
    await this.fill(name, room);
    await this.join.click();
  }
}
