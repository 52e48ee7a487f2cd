//! What elements are written on: HTML on the server, the document in the browser.

use leptos::prelude::*;
use leptos::tachys::html::attribute::AttributeValue;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::renderer::types::Element;
use leptos::tachys::view::Position;

/// The attributes of an element: names that we wrote, values that anybody may have written.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Elements, in the order of the document. Whatever is opened is closed.
pub(super) trait Sheet {
    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>);
    fn text(&mut self, text: &str);
    fn line_break(&mut self);
    fn close(&mut self, tag: &'static str);
}

/// HTML. Text and values are escaped by leptos, as everywhere else.
pub(super) struct Html<'a>(pub(super) &'a mut String);

impl Sheet for Html<'_> {
    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            AttributeValue::to_html(*value, name, self.0);
        }
        self.0.push('>');
    }

    fn text(&mut self, text: &str) {
        // An empty text would be written as a space, for hydration to find.
        if !text.is_empty() {
            text.to_html_with_buf(self.0, &mut Position::FirstChild, true, false, Vec::new());
        }
    }

    fn line_break(&mut self) {
        self.0.push_str("<br>");
    }

    fn close(&mut self, tag: &'static str) {
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
    }
}

/// The document. Text and values go there as such and are never read as HTML.
pub(super) struct Document {
    /// The element that is written in, and those around it.
    open: Vec<Element>,
}

impl Document {
    /// Writes into this element.
    pub(super) fn within(root: &Element) -> Self {
        Self { open: vec![root.clone()] }
    }
}

impl Sheet for Document {
    fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        let element = Rndr::create_element(tag, None);
        for (name, value) in attributes {
            Rndr::set_attribute(&element, name, value);
        }
        if let Some(parent) = self.open.last() {
            Rndr::insert_node(parent, &element, None);
        }
        self.open.push(element);
    }

    fn text(&mut self, text: &str) {
        if let Some(parent) = self.open.last() {
            Rndr::insert_node(parent, &Rndr::create_text_node(text), None);
        }
    }

    fn line_break(&mut self) {
        self.open("br", &[]);
        self.close("br");
    }

    fn close(&mut self, _tag: &'static str) {
        self.open.pop();
    }
}
