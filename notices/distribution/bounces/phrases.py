"""The words by which mail servers' notices without status fields are known, in Japanese and English.

Repeats are bounded and never nested, so that a hostile text costs its length only.
"""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_FULL_JA = (
    r"(?:受信箱|受信トレイ|メールボックス|メールＢＯＸ|容量|サイズ)[^。]{0,20}"
    r"(?:いっぱい|一杯|満杯|超過|超え|オーバー|不足)"
)
_FULL_EN = (
    r"\b(?:mailbox|mailfolder|inbox|quota|account|storage|disk)\b.{0,40}\b(?:full|exceed|over)"
    r"|over ?quota|\bexceed\w*\b.{0,40}\b(?:quota|storage)"
)
_CANNOT = r"(?:(?:でき|出来)(?:ません|なかった|ず|ない)|失敗|不能|不可|エラー|されません|されなかった|拒否|拒絶)"

# Who writes them, by name or address.
DAEMON = _any(
    r"\b(?:mailer|mail)[-. ]?daemon\b",
    r"\bpost ?master\b",
    r"\bmdaemon\b",
    r"\bmail (?:delivery|system|administrator|router)",
    r"\bdelivery (?:sub)?system",
    r"\bmicrosoft (?:outlook|exchange)|microsoftexchange[0-9a-f]",
    r"\bsystem (?:administrator|attendant)",
    r"システム管理者|メール(?:配信|配送|送信)?(?:サブ)?システム|メールサーバ",
)

# What they are called.
FAILURE_SUBJECT = _any(
    r"undeliver(?:able|ed)|non-?deliver|not deliver|bounce",
    r"\bdelivery (?:notification: delivery|status|failure|has failed|error|problem|report)",
    r"fail\w* .{0,80}deliver|(?:deliver|mail|message)\w* .{0,80}fail|failure notice|mail (?:failure|error)",
    r"returned (?:mail|to sender|message)|cannot send|could ?n[o']t (?:be|send|deliver)",
    r"message (?:not|could not|undeliv|delay)|\bdelayed\b|(?:mail|delivery) .{0,80}(?:problem|delay)",
    r"(?:配信|配送|送信|転送|送達|到達)(?:が|に|は|を|の)?"
    r"(?:不能|不可|失敗|エラー|でき|出来|遅延|遅れ|されませんでした|状況|状態|未完了)",
    r"届きませんでした|届けられません|エラーメール|メールエラー|エラー通知|不達|差し戻し|返送され|リターンメール|戻り?メール",
)
DELAY_SUBJECT = _any(r"\bwarning\b|\bdelay(?:ed)?\b|遅延|遅れ|警告")

# Answers by programs and by people: no word about whether the message arrived.
AUTOMATIC_ANSWER = _any(
    r"自動(?:返信|応答|送信|回答|配信)|不在|休業|休暇|お問い?合わ?せ(?:を|ありがとう)|受付(?:完了|しました)|受け付けました",
    r"out of (?:the )?office|\bauto(?:matic)?[- ]?(?:reply|response|answer)|autorespon|\bauto:",
    r"vacation|away from|on leave",
    r"(?:confirm|verif)\w* (?:your|required|request|email|message|needed)|verification|challenge|confirmation",
    r"(?:送信者|メール)の?(?:認証|承認)|認証のお願い|送信確認のお願い",
)
ANSWERED = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|sv|fw|fwd|wg|tr|返信|転送)\s*(?:\[\d+\])?\s*[:：＞>]", re.IGNORECASE
)

# What they say: the message did not arrive …
FAILED = _any(
    r"\b(?:could|can|did|was|were|is|are|has|have|does|do)(?: not|n't|not)(?: \w+)? (?:be |been )?(?:able to be )?"
    r"(?:success\w+ )?(?:deliver|sen[dt]|reach|rout|accept|complet|process)",
    r"\b(?:was|were|been|is|has|have) (?:\w+ )?(?:undeliver|rejected|refused|returned|blocked|denied|bounced)",
    r"undeliver(?:able|ed)|non-?deliver|unable to (?:deliver|send|relay|complete)",
    r"not (?:been )?deliver|cannot (?:deliver|send)",
    r"\b(?:delivery|message|mail|transmission|recipients?|address(?:es)?|attempts?)\b.{0,60}\bfail",
    r"\bfail(?:ed|ure|s)?\b.{0,40}\b(?:deliver|recipient|address|send|reason)",
    r"permanent(?:ly)? (?:fatal )?(?:error|fail)|fatal error|delivery (?:error|problem)|\baborted\b|\bdeferred:",
    r"\berror\b.{0,40}\b(?:occur|deliver)|did not like|incorrectly constructed",
    r"giv(?:en|ing|e) up|problems? (?:with|deliver)",
    r"non-?exist|does(?: not|n't) exist|no such (?:user|recipient|mailbox|address|account|domain|host)",
    r"\b(?:user|recipient|mailbox|address|account|domain|host)\b.{0,30}\b"
    r"(?:unknown|invalid|not (?:found|listed|exist)|disabled|inactive)",
    r"\b(?:unknown|invalid|bad|illegal) (?:user|recipient|mailbox|address|host|domain)",
    _FULL_EN,
    rf"(?:配信|配送|送信|転送|送達|到達|お届け|届け|受信|受け取|送る|届く|受付)(?:[^。、]{{0,12}}){_CANNOT}",
    r"届きません|届かなかった|届けられません|失敗しました|エラーが発生|返送(?:いた)?(?:し|され)|差し戻",
    r"(?:アドレス|宛先|あて先|ユーザ[ーｰ]?|受信者|アカウント|メールボックス|ドメイン|ホスト)[^。]{0,20}"
    r"(?:存在しません|存在しない|見つか(?:りません|らない)|見付かりません|不明|無効|ありません|間違|誤)",
    _FULL_JA,
)
# Those that say plainly what an enhanced code would.
UNKNOWN_USER = _any(
    r"(?:アドレス|宛先|あて先|ユーザ[ーｰ]?|受信者|アカウント)[^。]{0,20}(?:存在しません|存在しない|見つか(?:りません|らない)|不明|間違|誤)",
    r"user unknown|unknown user|no such (?:user|mailbox|recipient)|does(?: not|n't) exist",
)
FULL = _any(_FULL_EN, _FULL_JA)
# (Reports of success are notices of servers, too.)
ARRIVED = _any(r"success|\brelayed\b|has been delivered|配信(?:されました|が?完了|済)|開封")

# … or has not yet, and they go on trying …
TRYING = _any(
    r"\b(?:will|shall) (?:be re-?tr|keep (?:on )?(?:trying|retry)|re-?try|continue|(?:be )?(?:attempt|tried again))",
    r"(?:attempts?|trying|retr\w+) (?:to deliver .{0,80})?will (?:continue|be made)",
    r"retried (?:for|until)|still (?:be )?trying",
    r"not (?:need to )?re-?send|no(?:t| action)\b.{0,20}(?:is )?(?:required|necessary)",
    r"just a warning|warning (?:message )?only",
    r"(?:has|have) (?:not yet been|been delayed)|not yet been deliver",
    r"\b(?:delivery|message|mail) (?:is|was|has been|to .{1,80}) delayed",
    r"(?:再送信?|再配信|再試行|配信|配送|送信)(?:の試行|を試み)?(?:は|を)?(?:引き続き|今後も|自動的に)?"
    r"(?:継続|続け|続行|繰り返|行われます|いたします|を行い|を試み)",
    r"引き続き|まだ(?:配信|配送|送信|届)|遅延して|遅れて(?:い|お)|再送信?(?:する|の)必要は(?:ありません|ございません)",
    r"警告(?:のみ|です)|再試行(?:し|され)(?:ます|て)",
)
# … or have given up.
ENDED = _any(
    r"\b(?:has|have|'ve|am|been|be) (?:given|gave|giving) up|\bno (?:further|more) (?:attempt|deliver|retr)|too long",
    r"(?:not|n't) (?:be (?:re-?tr|re-?attempt)|re-?try)|returned to (?:the )?sender",
    r"(?:配信|配送|送信|再送)[^。]{0,8}(?:中止|断念|打ち切|あきらめ|行い?ません|いたしません)|期限(?:切れ|を(?:過ぎ|超え))",
)

# What the server calls lasting …
LASTING = _any(r"permanent(?:ly)? (?:fatal )?(?:error|fail)|failed permanently|永久|恒久|恒常的")
# … and reasons that pass, where the address is not to blame.
PASSING = _any(
    _FULL_EN,
    _FULL_JA,
    r"timed? ?-?out|connection (?:was )?(?:refused|reset|lost|dropped)|tempora|try (?:again|later)",
    r"(?:server|host) (?:is )?(?:busy|down|not respon)|retry (?:timeout|time|limit)",
    r"一時的|混雑|混み合|しばらく|時間をおいて|タイムアウト|応答(?:が)?(?:ありません|なし)",
)

# Where the message begins that is sent back.
_RULE = r"^[-=*_# >＝ー─―━]{0,20}\s*"
RETURNED_BELOW = _any(
    _RULE + r"(?:below this line|original (?:message|mail)|a? ?copy of (?:the|your) )",
    _RULE + r"(?:the )?(?:header|body|text|start) of",
    _RULE + r"(?:this|below|here|following|included|what follows) .{0,30}\b(?:copy|original|header)",
    _RULE + r"(?:your |the )?(?:returned|unsent|undelivered|failed) (?:message|mail)\s*(?:is|follows|below|:|-|$)",
    _RULE + r"message (?:text|header|content)s? follow",
    _RULE + r"(?:[^。]{0,12}(?:元の|オリジナル|送信(?:された|した|元)|以下|原文|返送)[^。]{0,16}"
    r"(?:メール|メッセージ|ヘッダ|本文|内容|原文))\s*(?:です|は|の(?:内容|ヘッダ|コピー|写し)|：|:|[-=＝─―━]|$)",
    r"^(?:return-path|received|x-original-to|delivered-to|message-id|mime-version|dkim-signature):",
    r"^from \S{1,99} {1,2}(?:mon|tue|wed|thu|fri|sat|sun) ",
)

# Lines whose addresses are not about who was not reached.
OTHER_ADDRESSES = _any(
    r"^\W{0,20}(?:from|sender|reply-to|差出人|送信者|送信元|発信者|message-id|return-path|mail from|errors-to|cc|bcc)\b"
    r".{0,20}[:：<＜=]",
    r"\b(?:contact|support|help ?desk|postmaster|administrator|questions?|assistance|problem report|if you do so)\b",
    r"mail from ?:|お問い?合わ?せ|連絡先|ご連絡|管理者(?:へ|まで|に)",
)
