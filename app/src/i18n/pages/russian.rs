//! Russian.

use super::PageStrings;

pub(in crate::i18n) static STRINGS: PageStrings = PageStrings {
    tagline: "Групповой чат на вашем сервере: имя, комната — и можно говорить.",
    your_name: "Ваше имя",
    room: "Комната",
    room_hint: "Латинские буквы, цифры, - и _. Новое название откроет новую комнату.",
    signed_out: "Ваш сеанс завершён.",
    have_account: "Вы входите как гость. С учётной записью имя принадлежит только вам, на всех устройствах.",
    sign_in: "Войти",
    account: "Учётная запись",
    not_found_title: "Здесь ничего нет",
    not_found_text: "По этому адресу нет страницы.",
    unavailable_title: "Одну минуту",
    unavailable_text: "Сервер сейчас не может обратиться к хранилищу. Ничего не потеряно; попробуйте чуть позже.",
};
