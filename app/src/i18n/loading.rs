//! The Russian strings, which a browser loads only to show a page in Russian.

use super::{Language, Strings, russian};

/// A lazy part (`app/src/lazy_part.rs`) without a preload: the page either shows Russian, or never will.
/// Its file is named in [`Language::part`].
#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(russian, fallible, wasm_split_path = ::leptos::wasm_split)]
fn load_russian() -> crate::lazy_part::Loaded<&'static Strings> {
    Ok(&russian::STRINGS)
}

#[cfg(feature = "split")]
static LOADED_RUSSIAN: std::sync::OnceLock<&'static Strings> = std::sync::OnceLock::new();

/// The Russian strings; until they are loaded, and if they do not load, the default ones.
#[cfg(feature = "split")]
pub(super) fn russian() -> &'static Strings {
    LOADED_RUSSIAN.get().copied().unwrap_or(&super::english::STRINGS)
}

#[cfg(not(feature = "split"))]
pub(super) const fn russian() -> &'static Strings {
    &russian::STRINGS
}

impl Language {
    /// The file with the strings of this language, beside the program, if they are not in the program.
    #[cfg(feature = "ssr")]
    pub(crate) const fn part(self) -> Option<&'static str> {
        match self {
            Self::En => None,
            Self::Ru => Some("split_russian.wasm"),
        }
    }

    /// Waits until the strings of this language are loaded, or did not load.
    #[cfg(feature = "hydrate")]
    #[cfg_attr(not(feature = "split"), expect(clippy::unused_async, reason = "nothing to load"))]
    pub(crate) async fn load(self) {
        #[cfg(feature = "split")]
        if self == Self::Ru
            && let Ok(strings) = load_russian().await
        {
            _ = LOADED_RUSSIAN.set(strings);
        }
    }
}
