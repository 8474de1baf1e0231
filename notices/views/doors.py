"""The doors of the three kinds of people, and what staff press only with the duty to."""

from members import access
from members.views.doors import only, refused, second_factor_again, signin_first, with_duty
from notices.access import can_record_paper_approval

__all__ = ["chair_only", "only", "pharmacy_only", "refused", "second_factor_again", "signin_first", "staff_only"]

NOT_DRAFTING = "起案の担当の人だけができます。担当の人に頼むか、管理者に担当を変えてもらってください。"
NOT_PUBLISHING = "発出の担当の人だけができます。担当の人に頼むか、管理者に担当を変えてもらってください。"
NOT_APPROVING = "決裁の担当の人だけができます。担当の人に頼むか、管理者に担当を変えてもらってください。"
NOT_RECORDING_PAPER = "決裁か発出の担当の人だけができます。担当の人に頼むか、管理者に担当を変えてもらってください。"

staff_only = only(access.is_staff)
chair_only = only(access.is_chair)
drafting = with_duty(access.can_draft, NOT_DRAFTING)
approving = with_duty(access.can_approve, NOT_APPROVING)
publishing = with_duty(access.can_publish, NOT_PUBLISHING)
recording_paper = with_duty(can_record_paper_approval, NOT_RECORDING_PAPER)
pharmacy_only = only(access.is_pharmacy)
