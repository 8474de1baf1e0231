"""Pages as an archive of notices has them: invented sentences about invented subjects, the same ones in every run.

A notice has a few subjects, so that words differ in how many notices they stand in: 薬局 stands nearly everywhere, 訪問
in a good part, a drug's or a person's name in a few.
"""

import datetime as dt
from random import Random

from members import wareki

SUBJECTS = {
    "在宅": (
        "訪問薬剤管理 訪問看護ステーション 在宅患者 退院時共同指導 緊急訪問 "
        "居宅療養 無菌調製 介護支援専門員 服薬支援 残薬"
    ),
    "資格": (
        "オンライン資格確認 マイナンバーカード 顔認証付きカードリーダー 電子処方箋 医療情報閲覧 "
        "端末登録 接続試験 証明書 利用申請 資格情報"
    ),
    "安全": (
        "医薬品安全性情報 副作用報告 回収情報 添付文書 警告表示 投与制限 肝機能検査 併用禁忌 緊急安全性情報 適正使用"
    ),
    "災害": ("災害時連絡網 備蓄医薬品 救護所 停電対策 モバイルファーマシー 安否確認 避難所 断水 派遣調整 訓練"),
    "麻薬": ("麻薬小売業者 免許申請 年間報告 譲受証 廃棄届 保管庫 立入検査 覚醒剤原料 向精神薬 帳簿"),
    "感染": ("インフルエンザ 検査キット 抗ウイルス薬 予防接種 流行状況 院内感染 手指消毒 マスク備蓄 発熱外来 公費支援"),
    "報酬": ("調剤報酬 施設基準 届出書 経過措置 地域支援体制加算 後発医薬品 疑義解釈 返戻 算定要件 選定療養"),
    "研修": ("研修会 認定薬剤師 単位申請 座学 演習 受講料 講師派遣 倫理審査 学術大会 生涯学習"),
    "学校": ("学校薬剤師 環境検査 照度測定 プール水質 薬物乱用防止 講話 保健委員会 飲料水 教室換気 害虫駆除"),
    "供給": ("限定出荷 供給停止 代替薬 在庫調整 卸売販売 出荷再開 需給状況 増産 流通改善 買い占め"),
    "健康": ("健康サポート薬局 禁煙支援 認知症対応 相談窓口 食生活 検体測定室 お薬手帳 高齢者 多剤服用 地域連携薬局"),
    "事務": ("会費納入 役員改選 定時総会 会員名簿 変更届 委任状 議事録 書面議決 会館利用 共済制度"),
}
WHO = "会員薬局 各地区薬剤師会 管理薬剤師 開設者 保険薬局 担当者 県薬務課 関係団体 医療機関 卸売業者 市町村 保健所"
SAYS = (
    "{who}におかれましては、{one}に係る{two}の取扱いについて、{day}までにご確認くださいますようお願い申し上げます。",
    "{one}については、{two}の状況を踏まえ、{day}から適用することとされました。",
    "なお、{two}を行う場合は、あらかじめ{who}へ{one}の写しを提出してください。",
    "{who}から{one}に関する照会が{count}件寄せられており、{two}との関係を次のとおり整理しました。",
    "{day}時点で{one}を終えた薬局は{count}軒であり、{two}の準備を急ぐ必要があります。",
    "{one}の対象となる{drug}錠{count}mgは、{two}が確かめられるまで使用を控えてください。",
    "問い合わせ先は{who}の{name}です（内線{count}）。{one}の様式は別紙{few}のとおりです。",
    "（{few}）{one}及び{two}　{who}が行う。",
    "本件は、{day}付け事務連絡「{one}における{two}の留意事項について」（第{count}号）により示されたものです。",
    "{place}地区では{one}の実施率が{few}割を超え、{two}と併せて周知が進んでいます。",
)
KANA = "アイウエオカキクケコサシスセソタチツテトナニハヒフヘホマミムメモラリルレロンガギグゲザジズデドバビブベボパピプ"
FAMILY = (
    "佐藤 鈴木 髙橋 田中 伊東 渡邉 山本 中村 小林 加藤 吉田 山﨑 斎藤 "
    "松本 井上 木村 林田 清水 久保 濵田 原口 江頭 古賀 梅﨑 宮原"
)
GIVEN = "翔太 陽菜 結衣 蓮 葵 大輔 美緒 千夏 進 誠 薫 亮 航 直樹 由紀 真一 恵子 拓也 奈々 和彦"
PLACE = "白鷺 髙尾台 青葉 緑川 赤坂山 朝日丘 若松浦 桜ヶ原 港町 東雲 西浦 南陽 北野原 三日月 石橋 大楠"


class Archive:
    """Texts of notices, drawn one after the other from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.drugs = ["".join(self.rng.choices(KANA, k=self.rng.randint(4, 7))) for _ in range(3000)]

    def subjects(self) -> list[str]:
        """The words of the few subjects of one notice."""
        chosen = self.rng.sample(list(SUBJECTS), k=self.rng.choice((1, 1, 2, 3)))
        return [word for subject in chosen for word in SUBJECTS[subject].split()]

    def title(self, words: list[str]) -> str:
        return f"{self.rng.choice(words)}に係る{self.rng.choice(words)}の取扱いについて"

    def page(self, words: list[str], length: int) -> str:
        """One page, about so many characters long."""
        lines, size = [], 0
        while size < length:
            lines.append(self._sentence(words))
            size += len(lines[-1])
        return "\n".join(lines)

    def day(self) -> dt.date:
        return dt.date(2016, 4, 1) + dt.timedelta(days=self.rng.randrange(3600))

    def _sentence(self, words: list[str]) -> str:
        rng = self.rng
        return rng.choice(SAYS).format(
            who=rng.choice(WHO.split()),
            one=rng.choice(words),
            two=rng.choice(words),
            day=wareki.long_date(self.day()),
            count=rng.randint(2, 4000),
            few=rng.randint(1, 9),
            drug=rng.choice(self.drugs),
            name=f"{rng.choice(FAMILY.split())} {rng.choice(GIVEN.split())}",
            place=rng.choice(PLACE.split()),
        )
