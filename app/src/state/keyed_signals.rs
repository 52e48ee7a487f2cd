//! A list in which one that changes is drawn again, and no other.

use std::collections::HashMap;
use std::hash::Hash;

use leptos::prelude::*;

/// Values in an order, each with a signal of its own. A handle: copies show the same.
pub(crate) struct KeyedSignals<K: 'static, V: 'static> {
    /// The keys in their order.
    pub(crate) keys: RwSignal<Vec<K>>,
    values: StoredValue<HashMap<K, ArcRwSignal<V>>>,
}

impl<K, V> Clone for KeyedSignals<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for KeyedSignals<K, V> {}

impl<K, V> Default for KeyedSignals<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn default() -> Self {
        Self { keys: RwSignal::default(), values: StoredValue::default() }
    }
}

impl<K, V> KeyedSignals<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: PartialEq + Send + Sync + 'static,
{
    /// The value of a key that is, or was a moment ago, in `keys`.
    pub(crate) fn value(self, key: &K) -> Option<ArcRwSignal<V>> {
        self.values.try_with_value(|values| values.get(key).cloned()).flatten()
    }

    /// Shows these from now on, and tells those who look at what has changed. Nothing happens once nobody is
    /// left to look.
    pub(crate) fn show(self, list: impl IntoIterator<Item = (K, V)>) {
        let shown = self.values.try_update_value(|known| {
            let mut before = std::mem::take(known);
            let mut keys = Vec::new();
            for (key, value) in list {
                let signal = before.remove(&key);
                keys.push(key.clone());
                let signal = match signal {
                    Some(signal) => {
                        if signal.with_untracked(|shown| *shown != value) {
                            signal.set(value);
                        }
                        signal
                    }
                    None => ArcRwSignal::new(value),
                };
                known.insert(key, signal);
            }
            keys
        });
        // After the values, because whoever hears of a key looks for its value.
        if let Some(keys) = shown {
            set_if_new(self.keys, keys);
        }
    }
}

/// Nobody needs to hear of a value that is the old one, and nobody can hear of one whose page is gone.
pub(crate) fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}
