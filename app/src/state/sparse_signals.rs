//! A property that few of many rows have, with a signal for each row: when it moves from one row to another,
//! only these two update.

use std::collections::HashMap;
use std::hash::Hash;

use leptos::prelude::*;

/// A value for each key; the default if none is set. Copies refer to the same signals.
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
    /// Returns the signal of a key.
    pub(crate) fn of(self, key: &K) -> ArcRwSignal<V> {
        let signal = self.0.try_update_value(|known| known.entry(key.clone()).or_default().clone());
        signal.unwrap_or_default()
    }

    /// Sets the value of a key.
    pub(crate) fn set(self, key: K, value: V) {
        set(&self.of(&key), value);
    }

    /// Sets the values of these keys, and the values of all other keys to the default.
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

    /// Removes the signals of keys that are not shown.
    pub(crate) fn keep(self, is_shown: impl Fn(&K) -> bool) {
        _ = self.0.try_update_value(|known| known.retain(|key, _| is_shown(key)));
    }
}

fn set<V: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<V>, value: V) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
