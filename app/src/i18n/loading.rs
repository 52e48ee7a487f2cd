//! Loads the Russian texts, which only pages in Russian need.

use super::{Language, Strings, russian};

/// A lazy part (`app/src/lazy_part.rs`) without preload, because the language of a page does not change.
/// [`Language::part`] names its file.
#[cfg(feature = "split")]
#[leptos::wasm_split::wasm_split(russian, fallible, wasm_split_path = ::leptos::wasm_split)]
fn load_russian() -> crate::lazy_part::Loaded<&'static Strings> {
    Ok(&russian::STRINGS)
}

#[cfg(feature = "split")]
static LOADED_RUSSIAN: std::sync::OnceLock<&'static Strings> = std::sync::OnceLock::new();

/// Returns the Russian texts; the default texts until they are loaded, or if loading fails.
#[cfg(feature = "split")]
pub(super) fn russian() -> &'static Strings {
    LOADED_RUSSIAN.get().copied().unwrap_or(&super::english::STRINGS)
}

#[cfg(not(feature = "split"))]
pub(super) const fn russian() -> &'static Strings {
    &russian::STRINGS
}

impl Language {
    /// Returns the name of the lazy part with the texts of this language; `None` if the program contains them.
    #[cfg(feature = "ssr")]
    pub(crate) const fn part(self) -> Option<&'static str> {
        match self {
            Self::En => None,
            Self::Ru => Some("split_russian"),
        }
    }

    /// Waits until loading the texts of this language has succeeded or failed.
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
