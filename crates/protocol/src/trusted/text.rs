//! From text to a tree (RFC 8259).

use super::NotUnderstood;
use super::value::Value;

/// What is left to be read.
pub(super) struct Text<'a> {
    rest: &'a str,
}

type Read<T> = Result<T, NotUnderstood>;

impl<'a> Text<'a> {
    pub(super) const fn new(json: &'a str) -> Self {
        Self { rest: json }
    }

    /// The next value, with at most so many more inside each other.
    pub(super) fn value(&mut self, depth: u32) -> Read<Value> {
        let depth = depth.checked_sub(1).ok_or(NotUnderstood)?;
        self.skip_space();
        match self.rest.bytes().next() {
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    /// There is nothing more.
    pub(super) fn end(&mut self) -> Read<()> {
        self.skip_space();
        if self.rest.is_empty() { Ok(()) } else { Err(NotUnderstood) }
    }

    fn map(&mut self, depth: u32) -> Read<Value> {
        let mut entries = Vec::new();
        self.sequence('{', '}', |text| {
            text.skip_space();
            let name = text.string()?;
            text.skip_space();
            text.take(':')?;
            entries.push((name, text.value(depth)?));
            Ok(())
        })?;
        Ok(Value::Map(entries))
    }

    fn list(&mut self, depth: u32) -> Read<Value> {
        let mut values = Vec::new();
        self.sequence('[', ']', |text| {
            values.push(text.value(depth)?);
            Ok(())
        })?;
        Ok(Value::List(values))
    }

    fn sequence(&mut self, open: char, close: char, mut item: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.take(open)?;
        self.skip_space();
        if self.take(close).is_ok() {
            return Ok(());
        }
        loop {
            item(self)?;
            self.skip_space();
            if self.take(close).is_ok() {
                return Ok(());
            }
            self.take(',')?;
        }
    }

    fn word(&mut self) -> Read<Value> {
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok(value);
            }
        }
        Err(NotUnderstood)
    }

    fn number(&mut self) -> Read<Value> {
        let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let end = self.rest.bytes().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at_checked(end).ok_or(NotUnderstood)?;
        self.rest = rest;
        // We write none with a fraction, and whoever does means something that we do not know.
        Ok(number.parse().map_or(Value::Other, Value::Number))
    }

    fn string(&mut self) -> Read<String> {
        self.take('"')?;
        let mut string = String::new();
        loop {
            let end = self.rest.find(['"', '\\']).ok_or(NotUnderstood)?;
            let (plain, rest) = self.rest.split_at_checked(end).ok_or(NotUnderstood)?;
            string.push_str(plain);
            self.rest = rest;
            if self.take('"').is_ok() {
                return Ok(string);
            }
            self.take('\\')?;
            string.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Read<char> {
        let mut characters = self.rest.chars();
        let character = characters.next().ok_or(NotUnderstood)?;
        self.rest = characters.as_str();
        Ok(match character {
            '"' | '\\' | '/' => character,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.unit()?;
                if !(0xd800..0xdc00).contains(&unit) {
                    return char::from_u32(unit).ok_or(NotUnderstood);
                }
                // One of two halves, as in UTF-16.
                self.take('\\')?;
                self.take('u')?;
                let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or(NotUnderstood)?;
                char::from_u32(0x10000 + ((unit - 0xd800) << 10) + low).ok_or(NotUnderstood)?
            }
            _ => return Err(NotUnderstood),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Read<u32> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(NotUnderstood)?;
        self.rest = rest;
        u32::from_str_radix(digits, 16).map_err(|_| NotUnderstood)
    }

    fn take(&mut self, character: char) -> Read<()> {
        self.rest = self.rest.strip_prefix(character).ok_or(NotUnderstood)?;
        Ok(())
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
    }
}
