//! Russian.

use super::FrameWords;
use crate::i18n::russian::plural;

pub(in crate::i18n) static WORDS: FrameWords = FrameWords {
    rooms: "Комнаты",
    show_rooms: "Показать комнаты",
    find_room: "Найти комнату",
    new_room: "Новая комната",
    browse_rooms: "Все комнаты",
    rooms_loading: "Загружаем ваши комнаты…",
    no_rooms: "Вы пока ни в одной комнате. Выберите из тех, что есть, или откройте свою.",
    unread: |count| {
        if count > 999 {
            return "больше 999 непрочитанных сообщений".to_owned();
        }
        let adjective = plural(count.into(), ["непрочитанное", "непрочитанных", "непрочитанных"]);
        let noun = plural(count.into(), ["сообщение", "сообщения", "сообщений"]);
        format!("{count} {adjective} {noun}")
    },
    me_unknown: "Гость",
    my_settings: "Статус и настройки",
    my_status: "Статус",
    status_online: "В сети",
    status_away: "Нет на месте",
    status_busy: "Не беспокоить",
    status_invisible: "Невидимка",
    share_reads: "Показывать другим, что я прочитал(а)",
    keep_still: "Без движения на экране",
    account: "Учётная запись",
    other_name: "Войти под другим именем",
    topic: "Тема",
    add_topic: "Добавить тему",
    edit_topic: "Изменить тему",
    leave_room: "Выйти из комнаты",
    people: "Люди",
    here: "Здесь",
    not_here: "Не здесь",
    members: |count| format!("{count} {}", plural(count.into(), ["участник", "участника", "участников"])),
    online: "в сети",
    away: "нет на месте",
    busy: "занят(а)",
    offline: "не в сети",
    save: "Сохранить",
    topic_hint: "Одна строка, которую видят все: о чём эта комната.",
    leave_title: |room| format!("Выйти из #{room}?"),
    leave_text: "Комната исчезнет из вашего списка, и новости из неё не будут приходить. Сказанное останется, и вернуться можно в любой момент.",
    leave: "Выйти",
    name: "Название",
    name_rule: "Латинские буквы, цифры, - и _. Комнату сможет найти каждый.",
    topic_optional: "Тема (необязательно)",
    create: "Открыть комнату",
    create_named: |room| format!("Открыть новую: #{room}"),
    exists: "Такая комната уже есть: вы войдёте в неё.",
    search: "Поиск",
    searching: "Ищем комнаты…",
    nothing_found: "Такой комнаты нет.",
    no_public_rooms: "Комнат пока нет. Откройте первую.",
    found: |count| {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        format!("{count} {}", plural(count, ["комната", "комнаты", "комнат"]))
    },
    more: "Показать ещё",
    joined: "Вы здесь",
    switcher_hint: "↑ и ↓ — выбрать, Enter — открыть",
    keys: "Клавиши",
    keys_about: [
        (&["Ctrl", "K"], "Перейти в комнату или открыть новую"),
        (&["Alt", "↑ ↓"], "Комната выше или ниже"),
        (&["Alt", "Shift", "↑ ↓"], "То же, но среди непрочитанных"),
        (&["Enter"], "Отправить"),
        (&["Shift", "Enter"], "Новая строка"),
        (&["↑"], "В пустом поле: исправить своё последнее сообщение"),
        (&["Esc"], "Отменить или закрыть"),
        (&["А–Я"], "Где угодно: писать сообщение"),
        (&["?"], "Эти клавиши"),
    ],
    notices: "Уведомления",
    left: "Вы вышли из этой комнаты.",
    join_again: "Войти снова",
    kept_here: "Нет связи: вы видите то, что сохранилось на этом устройстве.",
    nothing_kept_title: "Нет связи",
    nothing_kept_text: "Эта комната не сохранена на этом устройстве. Она откроется, когда связь вернётся.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unread_messages_take_one_of_three_forms() {
        let said = [1, 2, 5, 11, 21, 1_000].map(WORDS.unread);
        let expected = [
            "1 непрочитанное сообщение",
            "2 непрочитанных сообщения",
            "5 непрочитанных сообщений",
            "11 непрочитанных сообщений",
            "21 непрочитанное сообщение",
            "больше 999 непрочитанных сообщений",
        ];
        assert_eq!(said, expected);
    }
}
