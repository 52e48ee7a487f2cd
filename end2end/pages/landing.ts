import { expect, type Locator, type Page } from "@playwright/test";
import { english, type Words } from "../support/words";

/** The landing page `/`: a form for a name and a room. */
export class Landing {
  readonly name: Locator;
  readonly room: Locator;
  readonly join: Locator;
  /** Continues without a name, in the name form of a room. */
  readonly asGuest: Locator;
  /** The list of public rooms. */
  readonly openRooms: Locator;
  /** The error message. */
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

  /** Opens the form, also for a user who has rooms: `/` alone would redirect to a room. */
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
