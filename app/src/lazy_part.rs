//! Declares parts of the program that are loaded after hydration.
//!
//! Without the feature `split` (on the server, and in single-file builds), parts are always available.

use leptos::wasm_split::SplitLoaderError;

/// The result of a part, or the error that it did not load.
pub(crate) type Loaded<T> = Result<T, SplitLoaderError>;

/// Declares a function whose code is in a separate file, shared by all parts of the same `$file`. Its
/// parameters and result have concrete types. Callers await it and receive a [`Loaded`]; `$preload` loads the
/// file without a call.
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
