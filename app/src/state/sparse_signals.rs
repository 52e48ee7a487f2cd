//! Something that few lines of many have, each with a signal of its own: when it moves from one line to
//! another, these two are drawn again and nothing else.

use std::collections::HashMap;
use std::hash::Hash;

use leptos::prelude::*;

/// A value for each key; the default where nothing was said. A handle: copies show the same.
pub(crate) struct SparseSignals<K: 'static, V: 'static>(StoredValue<HashMap<K, ArcRwSignal<V>>>);

impl<K, V> Clone for SparseSignals<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for SparseSignals<K, V> {}

impl<K, V> Default for SparseSignals<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn default() -> Self {
        Self(StoredValue::default())
    }
}

impl<K, V> SparseSignals<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Default + PartialEq + Send + Sync + 'static,
{
    /// The value of a key, to be looked at for as long as one likes.
    pub(crate) fn of(self, key: &K) -> ArcRwSignal<V> {
        let signal = self.0.try_update_value(|known| known.entry(key.clone()).or_default().clone());
        signal.unwrap_or_default()
    }

    /// From now on this key has this value.
    pub(crate) fn set(self, key: K, value: V) {
        set(&self.of(&key), value);
    }

    /// From now on these have a value, and nothing else has.
    pub(crate) fn show(self, mut values: HashMap<K, V>) {
        let before: Vec<_> = self
            .0
            .try_with_value(|known| known.iter().map(|(key, signal)| (key.clone(), signal.clone())).collect())
            .unwrap_or_default();
        for (key, signal) in before {
            set(&signal, values.remove(&key).unwrap_or_default());
        }
        for (key, value) in values {
            set(&self.of(&key), value);
        }
    }

    /// Forgets the keys that are no longer shown.
    pub(crate) fn keep(self, is_shown: impl Fn(&K) -> bool) {
        _ = self.0.try_update_value(|known| known.retain(|key, _| is_shown(key)));
    }
}

fn set<V: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<V>, value: V) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
