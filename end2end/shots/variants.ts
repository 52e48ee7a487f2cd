import { resolve } from "node:path";
import type { BrowserContextOptions } from "@playwright/test";
import type { Person } from "../support/person";
import { NARROW, WIDE } from "../support/variants";
import { english, russian, type Words } from "../support/words";

const FOLDER = process.env.HUBBUB_SHOTS ?? resolve(__dirname, "../../target/shots");

/**
 * A combination of language, colour scheme and window size; its name is also the name of the folder with the
 * screenshots.
 */
export interface ShotVariant {
  name: string;
  narrow: boolean;
  words: Words;
  options: BrowserContextOptions;
}

/** Both languages, light and dark, wide and narrow. */
export const SHOT_VARIANTS: ShotVariant[] = [english, russian].flatMap((words) =>
  (["light", "dark"] as const).flatMap((colorScheme) =>
    [WIDE, NARROW].map((viewport) => ({
      name: `${viewport === NARROW ? "narrow" : "wide"}-${colorScheme}${words === russian ? "-russian" : ""}`,
      narrow: viewport === NARROW,
      words,
      options: { colorScheme, viewport, locale: words.locale },
    })),
  ),
);

/** Takes a screenshot once all animations have ended. */
export async function shoot({ name }: ShotVariant, of: Pick<Person, "page" | "stops">, state: string): Promise<void> {
  await of.stops();
  await of.page.screenshot({ path: `${FOLDER}/${name}/${state}.png` });
}
