use leptos::reactive::owner::Owner;

use super::*;

#[test]
fn a_value_goes_with_its_owner() {
    let owner = Owner::new();
    let signal = owner.with(|| RwSignal::new(1));
    signal.set(2);
    assert_eq!(signal.try_get_untracked(), Some(2));
    owner.cleanup();
    assert_eq!(signal.try_get_untracked(), None);
    signal.set(3);
}

#[test]
fn what_follows_from_another_follows_it() {
    Owner::new().with(|| {
        let number = RwSignal::new(2);
        let twice = Signal::derive(move || number.get() * 2);
        let is_large = Memo::new(move |_| twice.get() > 10);
        assert_eq!((twice.get(), is_large.get()), (4, false));
        number.set(6);
        assert_eq!((twice.get(), is_large.get()), (12, true));
    });
}

#[test]
fn a_memo_knows_what_it_was_before() {
    Owner::new().with(|| {
        let number = RwSignal::new(2);
        let largest =
            Memo::new(move |before: Option<&i32>| before.copied().unwrap_or_default().max(number.get()));
        number.set(5);
        assert_eq!(largest.get(), 5);
        number.set(3);
        assert_eq!(largest.get(), 5);
    });
}

#[test]
fn what_an_owner_does_at_its_end_still_finds_its_values() {
    let outer = Owner::new();
    let found = outer.with(|| RwSignal::new(None));
    let owner = Owner::new();
    owner.with(|| {
        let signal = RwSignal::new(5);
        leptos::reactive::owner::on_cleanup(move || found.set(signal.try_get_untracked()));
    });
    owner.cleanup();
    assert_eq!(found.get_untracked(), Some(5));
}
