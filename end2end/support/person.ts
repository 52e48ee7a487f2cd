import { expect, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { Dialogs } from "../pages/dialogs";
import { Entrance } from "../pages/entrance";
import { Room } from "../pages/room";
import { Settings } from "../pages/settings";
import { Sidebar } from "../pages/sidebar";
import { comesToRest } from "./rest";
import type { Server } from "./server";
import type { Words } from "./words";

/** What a browser itself writes to the console when nobody answers, or a proxy for nobody, or not what was asked for. */
const DEAD_NETWORK =
  /status of 404 [^]*\/(?:split|chunk)_\w+\.wasm|TypeError: Failed to [^]*\/__wasm_split\.js|net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|CONNECTION_CLOSED|EMPTY_RESPONSE|INTERNET_DISCONNECTED|NETWORK_CHANGED)|WebSocket connection to '[^']*' failed|the server responded with a status of 50[234]/;

/** Somebody with a browser. Every error on their console is remembered, and fails the test. */
export class Person {
  readonly entrance: Entrance;
  readonly room: Room;
  readonly sidebar: Sidebar;
  readonly dialogs: Dialogs;
  readonly settings: Settings;
  /** What is said in passing. */
  readonly toasts: Locator;

  private constructor(
    readonly name: string,
    readonly page: Page,
    readonly words: Words,
    private readonly server: Server,
    private readonly faults: string[],
  ) {
    this.entrance = new Entrance(page, server.url, words);
    this.room = new Room(page, words);
    this.sidebar = new Sidebar(page, words);
    this.dialogs = new Dialogs(page, this.sidebar, words);
    this.settings = new Settings(page, this.sidebar, words);
    this.toasts = page.locator(".toasts");
  }

  /** A person with a fresh tab in this browser. */
  static async in(
    context: BrowserContext,
    name: string,
    words: Words,
    server: Server,
    faults: string[],
    networkMayFail: boolean,
  ): Promise<Person> {
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(`${name}: ${error.stack ?? error.message}`));
    page.on("crash", () => faults.push(`${name}: the page crashed`));
    page.on("console", (message) => {
      if (message.type() !== "error" && !/panicked/.test(message.text())) return;
      const text = `${message.text()} (${message.location().url})`;
      if (networkMayFail && DEAD_NETWORK.test(text)) return;
      // The browser says so of any page with such a status; whether it was due, the test says.
      if (/the server responded with a status of 422/.test(text)) return;
      faults.push(`${name}: ${text}`);
    });
    return new Person(name, page, words, server, faults);
  }

  /** The same person, in another tab of the same browser. */
  async another(networkMayFail = true): Promise<Person> {
    return Person.in(this.page.context(), this.name, this.words, this.server, this.faults, networkMayFail);
  }

  /**
   * Is in the room as one of its people. The form of the entrance is sent without its page, which the stories of the entrance
   * open: most stories are about what comes after.
   */
  async joins(room: string): Promise<void> {
    const { request } = this.page.context();
    const form = { username: this.name, room_id: room };
    const answer = await request.post(`${this.server.url}/join_chat`, { form, maxRedirects: 0 });
    expect(answer.status(), await answer.text()).toBe(303);
    await this.page.goto(new URL(answer.headers()["location"] ?? "", this.server.url).href);
    await this.isIn(room);
    // One belongs to a room when the server says so, a moment after the page is alive.
    await expect(this.page.locator("[data-person] .person-you")).toBeAttached();
  }

  /** Opens a room by its address. */
  async opens(address: string): Promise<void> {
    await this.page.goto(new URL(address, this.server.url).href);
    await this.room.isAlive();
  }

  async isIn(room: string): Promise<void> {
    await expect(this.page).toHaveURL(new RegExp(`/rooms/${room}(\\?|$)`));
    await this.room.isAlive();
  }

  /** Writes and sends, and does not wait for anything. */
  async says(text: string): Promise<void> {
    await this.room.composer.fill(text);
    await this.sends();
  }

  /** Sends what is written: by the key, or by the button where Enter breaks the line. */
  async sends(): Promise<void> {
    const byFinger = await this.page.evaluate(() => matchMedia("(pointer: coarse)").matches);
    if (byFinger) await this.room.send.click();
    else await this.room.composer.press("Enter");
  }

  /** Sees it once, whoever wrote it. */
  async sees(text: string): Promise<void> {
    await expect(this.room.rows(text)).toHaveCount(1);
    await expect(this.room.rows(text)).toBeVisible();
  }

  async seesSent(text: string): Promise<void> {
    await this.sees(text);
    await expect(this.room.rows(text)).toHaveAttribute("data-state", "sent");
  }

  async seesPending(text: string): Promise<void> {
    await this.sees(text);
    await expect(this.room.rows(text)).toHaveAttribute("data-state", "pending");
  }

  async doesNotSee(text: string): Promise<void> {
    await expect(this.room.rows(text)).toHaveCount(0);
  }

  /** Sees exactly these, stored, in this order. */
  async seesExactly(texts: string[]): Promise<void> {
    const seen = async () => (await this.room.all()).map(({ text, state }) => ({ text, state }));
    const expected = texts.map((text) => ({ text, state: "sent" }));
    await expect.poll(seen, { timeout: 20_000 }).toEqual(expected);
  }

  async seesBanner(): Promise<void> {
    await expect(this.room.banner).toBeVisible({ timeout: 20_000 });
  }

  async seesNoBanner(): Promise<void> {
    await expect(this.room.banner).toBeHidden({ timeout: 20_000 });
  }

  /** The waits between the tries have grown, and a long one has begun: who is back at once did not come by the clock. */
  async waitsLong(): Promise<void> {
    await expect(this.room.banner).toContainText(this.words.longWait, { timeout: 30_000 });
  }

  /** Is connected before the next try would have been due. */
  async isBackAtOnce(): Promise<void> {
    await expect(this.room.banner).toBeHidden({ timeout: 2_000 });
  }

  /** They turn to another tab, or back to this one; what the browser says of it, since a test has no eyes to turn. */
  async looks(at: "here" | "elsewhere"): Promise<void> {
    await this.page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (hidden ? "hidden" : "visible") });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, at === "elsewhere");
  }

  /** Their network is gone: open connections freeze, new ones fail. */
  async losesNetwork(): Promise<void> {
    await this.page.context().setOffline(true);
  }

  async findsNetwork(): Promise<void> {
    await this.page.context().setOffline(false);
  }

  /** The message at this place is taken back; a trace of it stays. */
  async seesDeleted(index: number): Promise<void> {
    await expect(this.room.messages.nth(index)).toHaveAttribute("data-deleted");
  }

  /** All that moves on their page has come to rest. */
  async stops(): Promise<void> {
    await comesToRest(this.page);
  }

  /** Puts the pointer where it points at no message. */
  async looksAway(): Promise<void> {
    await this.page.mouse.move(1, 1);
  }

  async reloads(): Promise<void> {
    await this.page.reload();
    await this.room.isAlive();
  }
}
