//! Declares parts of the program that a browser loads after the page is interactive.
//!
//! Without the feature `split` (on the server, and in builds whose program is one file) a part is always there.

use leptos::wasm_split::SplitLoaderError;

/// What a part returns, or that it did not load.
pub(crate) type Loaded<T> = Result<T, SplitLoaderError>;

/// Declares a function whose code is in a file of its own, together with all parts of the same `$file`. It takes and
/// returns values of concrete types. Callers await it, and get a [`Loaded`]; `$preload` loads the file without a call.
macro_rules! lazy_part {
    (
        file $file:ident, preload $preload:ident;
        $(#[$attribute:meta])*
        $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $output:ty $body:block
    ) => {
        $(#[$attribute])*
        #[cfg(feature = "split")]
        #[::leptos::wasm_split::wasm_split(
            $file, fallible, wasm_split_path = ::leptos::wasm_split, preload($preload)
        )]
        $visibility fn $name($($argument: $type),*) -> $crate::lazy_part::Loaded<$output> {
            let output = $body;
            Ok(output)
        }

        $(#[$attribute])*
        #[cfg(not(feature = "split"))]
        $visibility async fn $name($($argument: $type),*) -> $crate::lazy_part::Loaded<$output> {
            let output = $body;
            Ok(output)
        }
    };
}

pub(crate) use lazy_part;
