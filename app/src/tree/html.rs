//! Trees as HTML.

use leptos::prelude::Owner;

use super::{Content, Element, Kind, Tree, Value};

/// Elements that hold nothing and have no end (HTML, section 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

impl Tree {
    /// The tree as it is now. It has the owner of signals and contexts that is current.
    pub(crate) fn into_html(self) -> String {
        let mut html = String::new();
        self.write(&mut html);
        html
    }

    fn write(self, html: &mut String) {
        match self {
            Self::Text(text) => escape(&text, false, html),
            Self::Element(element) => element.write(html),
            Self::Many(trees) => trees.into_iter().for_each(|tree| tree.write(html)),
            Self::Live(mut make) => {
                make().write(html);
                html.push_str(END);
            }
            Self::Rows(mut rows) => {
                for index in 0..rows.keys().len() {
                    // A row has contexts of its own.
                    Owner::new().with(|| rows.row(index).write(html));
                }
                html.push_str(END);
            }
            Self::Html(written) => html.push_str(&written),
        }
    }
}

/// A comment, which marks where something ends that may change.
const END: &str = "<!>";

impl Element {
    fn write(self, html: &mut String) {
        html.push('<');
        html.push_str(self.tag);
        let attributes: Vec<(Kind, &str, Value)> =
            self.attributes.into_iter().map(|it| (it.kind, it.name, now(it.value))).collect();
        let mut classes = classes(&attributes);
        for (kind, name, value) in attributes {
            match (kind, name, value) {
                (Kind::Property, ..) | (_, _, Value::None | Value::Live(_)) => {}
                (Kind::Class, ..) | (Kind::Attribute, "class", _) => {
                    // All of them where the first one is.
                    if !classes.is_empty() {
                        write_attribute("class", &Value::Text(std::mem::take(&mut classes).into()), html);
                    }
                }
                (Kind::Attribute, name, value) => write_attribute(name, &value, html),
            }
        }
        html.push('>');
        match self.content {
            Content::Trees(trees) => trees.into_iter().for_each(|tree| tree.write(html)),
            Content::Html(written) => html.push_str(&written),
            Content::Fixed { make, .. } => make().into_iter().for_each(|tree| tree.write(html)),
        }
        if !VOID.contains(&self.tag) {
            html.push_str("</");
            html.push_str(self.tag);
            html.push('>');
        }
    }
}

fn now(mut value: Value) -> Value {
    while let Value::Live(mut look) = value {
        value = look();
    }
    value
}

fn classes(attributes: &[(Kind, &str, Value)]) -> String {
    let classes = attributes.iter().filter_map(|(kind, name, value)| match (kind, value) {
        (Kind::Attribute, Value::Text(classes)) if *name == "class" => Some(classes.as_ref()),
        (Kind::Class, Value::Bare) => Some(*name),
        _ => None,
    });
    classes.collect::<Vec<_>>().join(" ")
}

fn write_attribute(name: &str, value: &Value, html: &mut String) {
    html.push(' ');
    html.push_str(name);
    if let Value::Text(text) = value {
        html.push_str("=\"");
        escape(text, true, html);
        html.push('"');
    }
}

/// Writes text so that it is nothing but text, between elements or in a quoted attribute (HTML, section 13.3).
fn escape(text: &str, quoted: bool, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' if quoted => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
}
