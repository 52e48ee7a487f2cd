//! Trees in the document.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use any_spawner::Executor;
use js_sys::Reflect;
use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, intern};
use web_sys::{Event, Node, Text};

use super::place::Place;
use super::rows::RowsShown;
use super::{Attribute, Content, Element, Kind, Listener, Tree, Value};

/// A tree that stands in the document, with what keeps it alive.
pub(super) enum Shown {
    Text { node: Text, text: Cow<'static, str> },
    Element(Box<ShownElement>),
    Many(Vec<Shown>),
    Live(Live),
    Rows(RowsShown),
}

pub(super) struct ShownElement {
    pub(super) node: web_sys::Element,
    pub(super) tag: &'static str,
    pub(super) attributes: Vec<ShownAttribute>,
    pub(super) content: ShownContent,
    pub(super) listeners: Vec<Listening>,
}

pub(super) struct ShownAttribute {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    pub(super) value: ShownValue,
}

/// What an attribute was set to; or what sets it.
pub(super) enum ShownValue {
    Still(Value),
    Live { _effect: RenderEffect<()> },
}

pub(super) enum ShownContent {
    Trees(Vec<Shown>),
    Html,
    Fixed(String),
}

/// What is made again by an effect.
pub(super) struct Live {
    /// It ends before this comment.
    pub(super) end: Rc<OnceCell<Node>>,
    pub(super) content: Rc<RefCell<Shown>>,
    pub(super) effect: RenderEffect<()>,
}

/// A listener, which goes with its element.
pub(super) struct Listening {
    node: web_sys::Element,
    event: Cow<'static, str>,
    call: Closure<dyn FnMut(Event)>,
}

/// Shows a page in the body for ever. `takes` what the server wrote there, or makes it all.
pub(crate) fn show_page(takes: bool, page: impl FnOnce() -> Tree) {
    // It fails only if there is one already.
    _ = Executor::init_wasm_bindgen();
    let Some(body) = document().body() else { return };
    let owner = Owner::new_root(None);
    let place = Rc::new(if takes { Place::taking(body.into()) } else { Place::before(body.into(), None) });
    let shown = owner.with(|| show(page(), &place));
    std::mem::forget((owner, shown));
}

/// Shows a tree at a place.
pub(super) fn show(tree: Tree, place: &Rc<Place>) -> Shown {
    match tree {
        Tree::Text(text) => Shown::Text { node: place.text(&text), text },
        Tree::Element(element) => Shown::Element(Box::new(show_element(*element, place))),
        Tree::Many(trees) => Shown::Many(show_all(trees, place)),
        Tree::Live(make) => Shown::Live(Live::start(make, place)),
        Tree::Rows(rows) => Shown::Rows(RowsShown::start(rows, place)),
    }
}

fn show_all(trees: Vec<Tree>, place: &Rc<Place>) -> Vec<Shown> {
    trees.into_iter().map(|tree| show(tree, place)).collect()
}

fn show_element(element: Element, place: &Place) -> ShownElement {
    let Element { tag, attributes, content, listeners, references } = element;
    let (node, taken) = place.element(tag);
    let attributes =
        attributes.into_iter().map(|attribute| show_attribute(attribute, &node, taken)).collect();
    let content = show_content(content, &node, taken);
    let listeners = listen(listeners, &node);
    references.into_iter().for_each(|reference| reference.set(Some(node.clone())));
    ShownElement { node, tag, attributes, content, listeners }
}

fn show_content(content: Content, node: &web_sys::Element, taken: bool) -> ShownContent {
    let inside = |trees: Vec<Tree>| {
        if trees.is_empty() && !taken {
            return Vec::new();
        }
        let parent = node.clone().into();
        let inside = Rc::new(if taken { Place::taking(parent) } else { Place::before(parent, None) });
        let shown = show_all(trees, &inside);
        if taken {
            inside.clear_rest();
        }
        shown
    };
    match content {
        Content::Trees(trees) => ShownContent::Trees(inside(trees)),
        Content::Html(html) => {
            if !taken {
                node.set_inner_html(&html);
            }
            ShownContent::Html
        }
        Content::Fixed { key, make } => {
            // Nothing in it changes by itself, and nothing has to be kept of it.
            if !taken {
                drop(inside(make()));
            }
            ShownContent::Fixed(key)
        }
    }
}

/// Sets an attribute, unless the server did.
pub(super) fn show_attribute(attribute: Attribute, node: &web_sys::Element, taken: bool) -> ShownAttribute {
    let Attribute { kind, name, value } = attribute;
    let taken = taken && kind != Kind::Property;
    let value = match value {
        Value::Live(mut look) => {
            let node = node.clone();
            let mut before = taken.then_some(None);
            let effect = RenderEffect::new(move |_| {
                let value = look();
                let is_new = match &before {
                    // As the server wrote it.
                    Some(None) => false,
                    Some(Some(before)) => value != *before,
                    None => true,
                };
                if is_new {
                    set(kind, name, &value, &node);
                }
                before = Some(Some(value));
            });
            ShownValue::Live { _effect: effect }
        }
        value => {
            // One that is not there need not be taken away from a new element.
            if !taken && (kind == Kind::Property || value != Value::None) {
                set(kind, name, &value, node);
            }
            ShownValue::Still(value)
        }
    };
    ShownAttribute { kind, name, value }
}

/// Sets an attribute to what it is now.
pub(super) fn set(kind: Kind, name: &'static str, value: &Value, node: &web_sys::Element) {
    let name = intern(name);
    // Names of ours are valid, and values may be anything: none of these fails.
    _ = match (kind, value) {
        (Kind::Attribute, Value::Text(text)) => node.set_attribute(name, text),
        (Kind::Attribute, Value::Bare) => node.set_attribute(name, ""),
        (Kind::Attribute, _) => node.remove_attribute(name),
        (Kind::Class, value) => {
            node.class_list().toggle_with_force(name, !matches!(value, Value::None)).map(drop)
        }
        (Kind::Property, value) => {
            let value = match value {
                Value::Text(text) => JsValue::from_str(text),
                value => JsValue::from_bool(matches!(value, Value::Bare)),
            };
            Reflect::set(node, &JsValue::from_str(name), &value).map(drop)
        }
    };
}

pub(super) fn listen(listeners: Vec<Listener>, node: &web_sys::Element) -> Vec<Listening> {
    let listen = |Listener { event, call }| {
        let call = Closure::wrap(call);
        _ = node.add_event_listener_with_callback(intern(&event), call.as_ref().unchecked_ref());
        Listening { node: node.clone(), event, call }
    };
    listeners.into_iter().map(listen).collect()
}

impl Drop for Listening {
    fn drop(&mut self) {
        let call = self.call.as_ref().unchecked_ref();
        _ = self.node.remove_event_listener_with_callback(&self.event, call);
    }
}

impl Live {
    fn start(make: Box<dyn FnMut() -> Tree>, place: &Rc<Place>) -> Self {
        let end = Rc::new(OnceCell::new());
        let content = Rc::new(RefCell::new(Shown::Many(Vec::new())));
        let effect = follow(make, &content, &end, Some(Rc::clone(place)));
        // What it shows stands before it.
        _ = end.set(place.end());
        Self { end, content, effect }
    }

    /// Goes on with another closure.
    pub(super) fn restart(&mut self, make: Box<dyn FnMut() -> Tree>) {
        self.effect = follow(make, &self.content, &self.end, None);
    }
}

/// Shows what the closure makes: first at a place, if there is one, and then where it stands.
fn follow(
    mut make: Box<dyn FnMut() -> Tree>,
    content: &Rc<RefCell<Shown>>,
    end: &Rc<OnceCell<Node>>,
    mut first: Option<Rc<Place>>,
) -> RenderEffect<()> {
    let (content, end) = (Rc::clone(content), Rc::clone(end));
    RenderEffect::new(move |_| {
        let tree = make();
        let mut content = content.borrow_mut();
        if let Some(place) = first.take() {
            *content = show(tree, &place);
        } else if let Some(end) = end.get()
            && let Some(parent) = end.parent_node()
        {
            content.patch(tree, &parent, Some(end));
        }
    })
}
