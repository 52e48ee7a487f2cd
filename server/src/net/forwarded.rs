//! The addresses in `X-Forwarded-For` and in `Forwarded` (RFC 7239).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::HeaderMap;

/// Returns the addresses that proxies have written, the last one first; `None` for an entry that is no address, such as
/// `unknown`. `Forwarded` counts only without `X-Forwarded-For`: a proxy passes on the header that it does not write,
/// so a client could write any address into it.
pub(super) fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let mut hops: Vec<Option<IpAddr>> = if headers.contains_key("x-forwarded-for") {
        elements(headers, "x-forwarded-for").into_iter().map(|element| parse_address(&element)).collect()
    } else {
        elements(headers, "forwarded").into_iter().map(|element| forwarded_for(&element)).collect()
    };
    hops.reverse();
    hops
}

/// Returns the non-empty elements of a list header (RFC 9110, section 5.6.1).
fn elements(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values
        // A value that is not text becomes an element that is not an address.
        .flat_map(|value| split(value.to_str().unwrap_or("?"), ','))
        .map(|element| element.trim().to_owned())
        .filter(|element| !element.is_empty())
        .collect()
}

/// Returns the address in one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let pairs = split(element, ';');
    let mut named = pairs.iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value)
    });
    parse_address(named.next()?)
}

/// Splits at separators outside quoted strings.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(|character| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match character {
            '\\' if is_quoted => is_escaped = !was_escaped,
            '"' if !was_escaped => is_quoted = !is_quoted,
            _ => return character == separator && !is_quoted,
        }
        false
    })
    .collect()
}

/// Parses an address with or without a port: `192.0.2.1:4711`, `2001:db8::1`, `"[2001:db8::1]:_port"`.
fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let (address, port) = match text.strip_prefix('[') {
        Some(bracketed) => {
            let (address, port) = bracketed.split_once(']')?;
            (address.parse::<Ipv6Addr>().ok()?.into(), port)
        }
        None => {
            let colon = text.find(':')?;
            let (address, port) = text.split_at(colon);
            (address.parse::<Ipv4Addr>().ok()?.into(), port)
        }
    };
    (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(address)
}

/// Whether the text is a port, or an obfuscated port (RFC 7239, section 6).
fn is_port(port: &str) -> bool {
    let is_hidden = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    port.parse::<u16>().is_ok() || port.strip_prefix('_').is_some_and(is_hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hops_of(name: &'static str, values: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        let text = |hop: Option<IpAddr>| hop.map_or("?".to_owned(), |hop| hop.to_string());
        hops(&headers).into_iter().map(text).collect()
    }

    #[test]
    fn reads_addresses_with_and_without_ports() {
        for (written, understood) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7:51234", "203.0.113.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:51234", "2001:db8::7"),
            ("\"[2001:db8::7]:51234\"", "2001:db8::7"),
            ("\"203.0.113.7\"", "203.0.113.7"),
            ("\"203.0.113.7:_hidden\"", "203.0.113.7"),
        ] {
            assert_eq!(hops_of("x-forwarded-for", &[written]), [understood], "{written}");
            assert_eq!(hops_of("forwarded", &[&format!("for={written}")]), [understood], "{written}");
        }
    }

    #[test]
    fn rejects_invalid_addresses() {
        for written in [
            "unknown",
            "_hidden",
            "203.0.113.7:",
            "203.0.113.7:port",
            "203.0.113.7:99999",
            "203.0.113.256",
            "[2001:db8::7",
            "[203.0.113.7]:1",
            "2001:db8::7]:1",
            "\"",
            "fe80::1%eth0",
        ] {
            assert_eq!(hops_of("x-forwarded-for", &[written]), ["?"], "{written}");
        }
        for written in ["proto=https", "for", "for=", "by=203.0.113.7", "fore=203.0.113.7"] {
            assert_eq!(hops_of("forwarded", &[written]), ["?"], "{written}");
        }
    }

    #[test]
    fn lists_the_last_hop_first() {
        assert_eq!(
            hops_of("x-forwarded-for", &["192.0.2.1, x", "192.0.2.2:80,,192.0.2.3"]),
            ["192.0.2.3", "192.0.2.2", "?", "192.0.2.1"]
        );
        let forwarded = "for=192.0.2.1;by=\"a,b\\\",c;for=x\";proto=http , FOR=\"[2001:db8::1]:4711\"";
        assert_eq!(hops_of("forwarded", &[forwarded]), ["2001:db8::1", "192.0.2.1"]);
    }
}
