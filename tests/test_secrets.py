"""Free text never keeps a My Number, a password or a code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.secrets import MASK, MY_NUMBER, PASSWORD, find_secret, handles_secret, is_my_number, mask_secrets

# 123456789018 carries a valid check digit; it is the number that public explanations of the check use.
VALID = "123456789018"


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        f"番号は{VALID}です",
        "1234 5678 9018",
        "1234-5678-9018",
        "１２３４５６７８９０１８",
        "１２３４－５６７８－９０１８",
    ],
)
def test_my_number_is_found_in_every_width_and_grouping(text):
    assert find_secret(text) == MY_NUMBER


def test_my_number_is_found_behind_a_telephone_number():
    assert find_secret("電話 092-000-0100 1234 5678 9018") == MY_NUMBER


@pytest.mark.parametrize("text", ["123456789012", "1234567890180", "電話 092-000-0100", "令和6年10月30日 2916薬局"])
def test_other_digits_pass(text):
    assert find_secret(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "パスワードはAb12cdです",
        "初期パスワード：ａｂ１２",
        "ﾊﾟｽﾜｰﾄﾞ abcd1",
        "暗証番号 1234",
        "アクティベーションコードは\n「XY12-3456」",
        "コードは次のとおりです abcd",
        "パス\u200bワード abcd",
        "パスワードは a#b!1@c です",
    ],
)
def test_a_password_or_code_with_its_letters_is_found(text):
    assert find_secret(text) == PASSWORD


@pytest.mark.parametrize(
    "text",
    [
        "初期パスワードが分からない",
        "パスワードを3回間違えました",
        "コードが届きません",
        "暗証番号の入力画面でエラー12が出ます",
        "コードの画面から先に進めず、端末の画面は abcd のままです",
        "エラーコード EP-4071 が出て進めません",
        "ｴﾗｰｺｰﾄﾞ:0x80070005",
        "端末コードを入れると「エラー EP-4071」になります",
        "コードを入れるとエラー番号 4071 が出ます",
        "認証コードの入力でEP-4071のエラーになります",
        "保険薬局コード 4012345 の薬局です",
        "郵便番号コード 8120011",
        "",
    ],
)
def test_speaking_of_passwords_passes(text):
    assert find_secret(text) is None


@pytest.mark.parametrize(
    "text", ["パスワード Ab12cd でエラーになります", "コード「XY12-3456」を入れるとエラー EP-4071 が出ます"]
)
def test_a_secret_that_ends_in_an_error_is_still_found(text: str) -> None:
    assert find_secret(text) == PASSWORD


@pytest.mark.parametrize(
    ("typed", "given_back"),
    [
        ("髙﨑です。パスワードは ab12cd です", "髙﨑です。パスワードは {} です"),
        ("パスワードは !Abc12345! です。", "パスワードは {} です。"),
        ("パスワードは Sakura2024Long です。Windowsで", "パスワードは {} です。Windowsで"),
        ("コード1234/5678", "コード{}/{}"),
        ("端末コードは 8F3K-22LM-9QZ です", "端末コードは {} です"),
        ("コード 1234-5678-9012", "コード {}"),
        ("PW:himitsu", "PW:{}"),
        ("ID tanpopo pass tanpopo1", "ID tanpopo pass {}"),
        ("ﾊﾟｽﾜｰﾄﾞＡＢ１２。以上", "ﾊﾟｽﾜｰﾄﾞ{}。以上"),
        ("パスワード㎉", "パスワード{}"),
    ],
)
def test_what_is_given_back_has_only_the_secret_masked_however_long_it_was(typed: str, given_back: str):
    assert mask_secrets(typed) == given_back.replace("{}", MASK)


@given(st.text(max_size=60) | st.from_regex(r"\A.{0,5}(パスワード|コード).{0,9}[A-Za-z0-9]{4,14}.{0,15}\Z"))
def test_masked_text_holds_no_secret_and_the_rest_in_its_order(text):
    masked, place = mask_secrets(text), 0
    assert find_secret(masked) is None
    for piece in masked.split(MASK):
        place = text.index(piece, place) + len(piece)


@given(st.from_regex(r"\A[0-9]{11}\Z"))
def test_exactly_one_check_digit_fits(digits):
    assert sum(is_my_number(digits + str(last)) for last in range(10)) == 1


@pytest.mark.parametrize(
    ("step", "handles"),
    [
        ("アクティベーションコードを紙に控える", True),
        ("初期ﾊﾟｽﾜｰﾄﾞでサインインする", True),
        ("PIN を決める", True),
        ("「パスワードの変更」を押す", True),
        ("「表示」を押し、端末コードを「控え」に書く", True),
        ("「端末コードの発行」で発行し、紙に控える", True),
        ("「コードを表示」を押す", False),
        ("QRコードを読み取る", False),
        ("バーコードリーダーをつなぐ", False),
        ("「ダミーコード一覧」を出力し、ＹＪコードと照らし合わせる", False),
        ("保険薬局コードを入力する", False),
        ("エラーコードが出たら控える", False),
    ],
)
def test_a_step_handles_a_secret_where_people_see_note_or_set_one(step: str, handles: bool) -> None:
    assert handles_secret(step) is handles
