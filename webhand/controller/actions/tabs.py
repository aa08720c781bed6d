"""Going from tab to tab."""

from webhand.controller.action import ActionContext, ActionResult, Family

family = Family()


@family.action(changes=False)
async def switch_tab(context: ActionContext, tab: int) -> ActionResult:
    """Show another tab."""
    other = await context.page.context.switch(tab)
    return ActionResult(action="switch_tab", ok=True, text=f"tab {tab} is in front: {other.url}", ends="decision")


@family.action()
async def close_tab(context: ActionContext, tab: int) -> ActionResult:
    """Close a tab."""
    await context.page.context.close_tab(tab)
    return ActionResult(action="close_tab", ok=True, text=f"tab {tab} is closed", ends="decision")
