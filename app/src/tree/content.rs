//! What can stand in braces between elements.

use std::borrow::Cow;

use crate::signal::{Memo, RwSignal, Signal};

use super::Tree;

/// What can be a piece of a document.
pub(crate) trait IntoTree {
    fn into_tree(self) -> Tree;
}

impl IntoTree for Tree {
    fn into_tree(self) -> Tree {
        self
    }
}

impl IntoTree for &'static str {
    fn into_tree(self) -> Tree {
        Tree::Text(Cow::Borrowed(self))
    }
}

impl IntoTree for String {
    fn into_tree(self) -> Tree {
        Tree::Text(Cow::Owned(self))
    }
}

impl<T: IntoTree> IntoTree for Option<T> {
    fn into_tree(self) -> Tree {
        self.map_or(Tree::NOTHING, T::into_tree)
    }
}

impl<T: IntoTree> IntoTree for Vec<T> {
    fn into_tree(self) -> Tree {
        self.into_iter().map(T::into_tree).collect()
    }
}

impl<T: IntoTree, const N: usize> IntoTree for [T; N] {
    fn into_tree(self) -> Tree {
        self.into_iter().map(T::into_tree).collect()
    }
}

impl<F: FnMut() -> T + 'static, T: IntoTree> IntoTree for F {
    fn into_tree(mut self) -> Tree {
        Tree::Live(Box::new(move || self().into_tree()))
    }
}

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl IntoTree for $number {
            fn into_tree(self) -> Tree {
                self.to_string().into_tree()
            }
        }
    )* };
}

numbers!(u32, usize);

impl<T: IntoTree + Clone + 'static> IntoTree for RwSignal<T> {
    fn into_tree(self) -> Tree {
        (move || self.get()).into_tree()
    }
}

impl<T: IntoTree + 'static> IntoTree for Signal<T> {
    fn into_tree(self) -> Tree {
        (move || self.get()).into_tree()
    }
}

impl<T: IntoTree + Clone + PartialEq + 'static> IntoTree for Memo<T> {
    fn into_tree(self) -> Tree {
        (move || self.get()).into_tree()
    }
}
