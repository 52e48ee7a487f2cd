import { resolve } from "node:path";
import type { BrowserContextOptions } from "@playwright/test";
import type { Person } from "../support/person";
import { NARROW, WIDE } from "../support/ways";
import { english, russian, type Words } from "../support/words";

const FOLDER = process.env.HUBBUB_SHOTS ?? resolve(__dirname, "../../target/shots");

/** How the pages are looked at; also the name of the folder with the pictures. */
export interface Look {
  name: string;
  narrow: boolean;
  words: Words;
  options: BrowserContextOptions;
}

/** In both languages, light and dark, wide and narrow. */
export const LOOKS: Look[] = [english, russian].flatMap((words) =>
  (["light", "dark"] as const).flatMap((colorScheme) =>
    [WIDE, NARROW].map((viewport) => ({
      name: `${viewport === NARROW ? "narrow" : "wide"}-${colorScheme}${words === russian ? "-russian" : ""}`,
      narrow: viewport === NARROW,
      words,
      options: { colorScheme, viewport, locale: words.locale },
    })),
  ),
);

/** Takes a picture of what somebody sees, when nothing moves any more. */
export async function shoot({ name }: Look, of: Pick<Person, "page" | "stops">, state: string): Promise<void> {
  await of.stops();
  await of.page.screenshot({ path: `${FOLDER}/${name}/${state}.png` });
}
