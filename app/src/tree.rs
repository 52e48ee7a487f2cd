//! Views as plain data: what a component makes, and what is written as HTML on the server and shown in the
//! document in the browser.
//!
//! The views of leptos are types, and the compiler makes a copy of all that can be done with a view for each of
//! them: that was a third of what the browser had to load. Here an element is a value. It costs the code that makes
//! it, and one walk shows every tree (`tree/shown.rs`), makes a shown one like a new one (`tree/patch.rs`) and
//! writes HTML (`tree/html.rs`). Signals, effects, components and the syntax of `view!` are those of leptos.
//!
//! The browser takes over what the server wrote by walking through the same tree, so a component may not make
//! another tree there at first. What changes by itself is a closure: each is an effect, which runs again when a
//! signal changes that it has read, and patches what it had shown.

mod content;
#[cfg(not(feature = "browser"))]
mod html;
#[cfg(feature = "browser")]
mod patch;
#[cfg(feature = "browser")]
mod place;
#[cfg(feature = "browser")]
mod rows;
#[cfg(feature = "browser")]
mod shown;
mod value;

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use leptos::ev::EventDescriptor;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{self, Event};

pub(crate) use content::IntoTree;
#[cfg(feature = "browser")]
pub(crate) use shown::show_page;
pub(crate) use value::{IntoValue, Value};

use crate::signal::{NodeRef, RwSignal};

/// What components are written with.
pub(crate) mod prelude {
    pub(crate) use hubbub_view_macro::view;
    pub(crate) use leptos::prelude::*;

    pub(crate) use super::{IntoTree, IntoValue, Tree, Value, live};
    pub(crate) use crate::signal::{Callback, Effect, Memo, NodeRef, RwSignal, Signal, StoredValue};
}

/// A piece of a document.
pub(crate) enum Tree {
    Text(Cow<'static, str>),
    Element(Box<Element>),
    Many(Vec<Tree>),
    /// Made again whenever something changes that it has read.
    Live(Box<dyn FnMut() -> Tree>),
    /// A list of which only those rows are made that were not there before.
    Rows(Box<dyn Rows>),
    /// HTML as it stands, from a part of leptos that only the server has.
    #[cfg(not(feature = "browser"))]
    Html(String),
}

/// An element, while it is made.
pub(crate) struct Element {
    tag: &'static str,
    attributes: Vec<Attribute>,
    content: Content,
    listeners: Vec<Listener>,
    /// Who wants to know the element in the document.
    references: Vec<RwSignal<Option<web_sys::Element>>>,
}

struct Attribute {
    kind: Kind,
    name: &'static str,
    value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Attribute,
    /// One class of several, which is there or not.
    Class,
    /// Of the object in the document; HTML has none.
    Property,
}

enum Content {
    Trees(Vec<Tree>),
    /// HTML that was escaped before.
    Html(Cow<'static, str>),
    /// What never changes while the key stays the same, and is made only when it has to be.
    Fixed {
        #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "HTML is written once"))]
        key: String,
        make: Box<dyn FnOnce() -> Vec<Tree>>,
    },
}

#[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "nothing happens on the server"))]
struct Listener {
    event: Cow<'static, str>,
    call: Box<dyn FnMut(Event)>,
}

/// Rows with keys.
pub(crate) trait Rows {
    /// The keys of the rows there shall be, in their order.
    fn keys(&mut self) -> Vec<u64>;
    /// Makes the row at this place of the keys that were asked for last, at most once.
    fn row(&mut self, index: usize) -> Tree;
}

impl Element {
    pub(crate) fn new(tag: &'static str) -> Self {
        Self {
            tag,
            attributes: Vec::new(),
            content: Content::Trees(Vec::new()),
            listeners: Vec::new(),
            references: Vec::new(),
        }
    }

    pub(crate) fn attribute(self, name: &'static str, value: impl IntoValue) -> Self {
        self.with(Kind::Attribute, name, value.into_value())
    }

    pub(crate) fn class(self, name: &'static str, is_there: impl IntoValue) -> Self {
        self.with(Kind::Class, name, is_there.into_value())
    }

    pub(crate) fn property(self, name: &'static str, value: impl IntoValue) -> Self {
        self.with(Kind::Property, name, value.into_value())
    }

    // Not for each kind of value: see the three above.
    fn with(mut self, kind: Kind, name: &'static str, value: Value) -> Self {
        self.attributes.push(Attribute { kind, name, value });
        self
    }

    pub(crate) fn on<E>(self, event: E, mut call: impl FnMut(E::EventType) + 'static) -> Self
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        self.listen(event.name(), Box::new(move |event| call(event.unchecked_into())))
    }

    fn listen(mut self, event: Cow<'static, str>, call: Box<dyn FnMut(Event)>) -> Self {
        self.listeners.push(Listener { event, call });
        self
    }

    pub(crate) fn node_ref<E>(mut self, reference: NodeRef<E>) -> Self {
        self.references.push(reference.element());
        self
    }

    /// HTML that was escaped before.
    pub(crate) fn inner_html(mut self, html: impl Into<Cow<'static, str>>) -> Self {
        self.content = Content::Html(html.into());
        self
    }

    /// What never changes while the key stays the same. The browser takes over what the server wrote of it without
    /// making it again.
    pub(crate) fn fixed(mut self, key: String, make: impl FnOnce() -> Vec<Tree> + 'static) -> Self {
        self.content = Content::Fixed { key, make: Box::new(make) };
        self
    }

    pub(crate) fn child(mut self, child: Tree) -> Self {
        if let Content::Trees(children) = &mut self.content {
            children.push(child);
        }
        self
    }
}

impl Tree {
    /// Nothing at all.
    pub(crate) const NOTHING: Self = Self::Many(Vec::new());
}

impl From<Element> for Tree {
    fn from(element: Element) -> Self {
        Self::Element(Box::new(element))
    }
}

impl From<&'static str> for Tree {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl FromIterator<Self> for Tree {
    fn from_iter<I: IntoIterator<Item = Self>>(trees: I) -> Self {
        Self::Many(trees.into_iter().collect())
    }
}

/// What is made again whenever something changes that it has read.
pub(crate) fn live<T: IntoTree>(make: impl FnMut() -> T + 'static) -> Tree {
    make.into_tree()
}

/// A list that changes: `key` tells its items apart, `row` makes what is shown of one that is new.
pub(crate) fn rows<T, L, K, N>(
    each: impl Fn() -> L + 'static,
    key: impl Fn(&T) -> K + 'static,
    row: impl Fn(T) -> N + 'static,
) -> Tree
where
    T: 'static,
    L: IntoIterator<Item = T>,
    K: Hash,
    N: IntoTree,
{
    struct List<E, K, R, T> {
        each: E,
        key: K,
        row: R,
        items: Vec<Option<T>>,
    }

    impl<E, L, F, K, R, N, T> Rows for List<E, F, R, T>
    where
        E: Fn() -> L,
        L: IntoIterator<Item = T>,
        F: Fn(&T) -> K,
        K: Hash,
        R: Fn(T) -> N,
        N: IntoTree,
    {
        fn keys(&mut self) -> Vec<u64> {
            self.items = (self.each)().into_iter().map(Some).collect();
            self.items.iter().flatten().map(|item| hash((self.key)(item))).collect()
        }

        fn row(&mut self, index: usize) -> Tree {
            let item = self.items.get_mut(index).and_then(Option::take);
            item.map_or(Tree::NOTHING, |item| (self.row)(item).into_tree())
        }
    }

    Tree::Rows(Box::new(List { each, key, row, items: Vec::new() }))
}

/// Keys of every kind as one kind: 64 bits of a good hash never meet in a list that a person looks at.
fn hash(key: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
