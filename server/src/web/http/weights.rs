//! Lists of alternatives with weights (RFC 9110, section 12.4.2), as in `Accept-Language` and `Accept-Encoding`.

use axum::http::{HeaderMap, HeaderName};

/// A weight in thousandths: from 0, not acceptable, to 1,000.
type Weight = u16;
const FULL: Weight = 1_000;

/// The alternatives that a client accepts, in lower case and in the order of the header.
#[derive(Debug)]
pub(in crate::web) struct Weights(Vec<(String, Weight)>);

impl Weights {
    /// Parses all headers of this name. An element with an invalid weight is omitted.
    pub(in crate::web) fn of(headers: &HeaderMap, name: &HeaderName) -> Self {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        Self(values.flat_map(|value| value.split(',')).filter_map(element).collect())
    }

    /// Returns the largest weight of the elements that match, otherwise that of `*`, with the index of the element.
    /// `None` if no element matches.
    pub(in crate::web) fn find(&self, matches: impl Fn(&str) -> bool) -> Option<(Weight, usize)> {
        let best = |is_meant: &dyn Fn(&str) -> bool| {
            let meant = self.0.iter().enumerate().filter(|(_, (name, _))| is_meant(name));
            // Of equal weights, the first counts.
            meant
                .map(|(place, (_, weight))| (*weight, place))
                .max_by_key(|(weight, place)| (*weight, usize::MAX - place))
        };
        best(&matches).or_else(|| best(&|name| name == "*"))
    }
}

/// Parses `name;q=0.5`, with spaces and other parameters.
fn element(text: &str) -> Option<(String, Weight)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let weight = parts.find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then_some(value.trim())
    });
    Some((name, weight.map_or(Some(FULL), thousandths)?))
}

fn thousandths(weight: &str) -> Option<Weight> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "1" if fraction.bytes().all(|byte| byte == b'0') => Some(FULL),
        "0" if fraction.len() <= 3 && is_number(fraction) => format!("{fraction:0<3}").parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    fn found(text: &str, wanted: &str) -> Option<Weight> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, text.parse().unwrap());
        Weights::of(&headers, &header::ACCEPT_ENCODING).find(|name| name == wanted).map(|(weight, _)| weight)
    }

    #[test]
    fn parses_all_spellings_of_weights() {
        for text in [
            "br;q=0.5",
            " br ; q=0.5 ",
            "BR;Q=0.50",
            "gzip, br;level=9;q=0.500",
            "br; q = 0.5",
            "br;q=0.1,br;q=0.5",
        ] {
            assert_eq!(found(text, "br"), Some(500), "{text}");
        }
        for text in ["br", "br;q=1", "br;q=1.000", "*", "*;q=1, gzip;q=0"] {
            assert_eq!(found(text, "br"), Some(FULL), "{text}");
        }
        for text in ["br;q=0", "br;q=0.000", "br;q=0.", "br;q=0, *", "*;q=0"] {
            assert_eq!(found(text, "br"), Some(0), "{text}");
        }
        for text in ["", "gzip", "brotli", "br;q=2", "br;q=-1", "br;q=", "br;q=NaN", "br;q=0.12345", ";q=1"] {
            assert_eq!(found(text, "br"), None, "{text}");
        }
    }
}
